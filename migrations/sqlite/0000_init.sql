CREATE TABLE `accounts` (
	`platform` text NOT NULL,
	`tenant` text NOT NULL,
	`user_id` text NOT NULL,
	`person` text NOT NULL,
	PRIMARY KEY(`platform`, `tenant`, `user_id`),
	FOREIGN KEY (`person`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `accounts_of` ON `accounts` (`person`);--> statement-breakpoint
CREATE TABLE `checkpoints` (
	`size` integer PRIMARY KEY NOT NULL,
	`root` text NOT NULL,
	`hashes` text NOT NULL,
	`note` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `claims` (
	`key` text PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`until` integer
);
--> statement-breakpoint
CREATE INDEX `claims_until` ON `claims` (`until`) WHERE until is not null;--> statement-breakpoint
CREATE TABLE `counters` (
	`name` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `deployment` (
	`id` text PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `event_texts` (
	`seq` integer PRIMARY KEY NOT NULL,
	`salt` text NOT NULL,
	`text` text NOT NULL,
	FOREIGN KEY (`seq`) REFERENCES `events`(`seq`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `events` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`type` text NOT NULL,
	`request_id` text,
	`grant_id` text,
	`leaf` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `events_of_request` ON `events` (`request_id`,`seq`) WHERE request_id is not null;--> statement-breakpoint
CREATE INDEX `events_of_grant` ON `events` (`grant_id`,`seq`) WHERE grant_id is not null;--> statement-breakpoint
CREATE TABLE `grants` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`request_id` text NOT NULL,
	`status` text NOT NULL,
	`person` text NOT NULL,
	`role` text NOT NULL,
	`target` text NOT NULL,
	`target_key` text NOT NULL,
	`entitlement` text NOT NULL,
	`principal_id` text NOT NULL,
	`principal_name` text NOT NULL,
	`ordered_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`due_at` integer,
	`body` text NOT NULL,
	FOREIGN KEY (`request_id`) REFERENCES `requests`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "grants_end" CHECK(expires_at > 0)
);
--> statement-breakpoint
CREATE INDEX `grants_due` ON `grants` (`due_at`) WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX `grants_live` ON `grants` (`ordered_at`,`id`) WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX `grants_live_of` ON `grants` (`person`,`ordered_at`,`id`) WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX `grants_of_request` ON `grants` (`request_id`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`number` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`queue` text NOT NULL,
	`lane` integer NOT NULL,
	`due_at` integer NOT NULL,
	`payload` text NOT NULL,
	`ordered` integer NOT NULL,
	`once` text,
	`attempts` integer NOT NULL,
	`epoch` integer,
	`round` integer NOT NULL,
	`again_at` integer,
	`because` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_id` ON `jobs` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_once` ON `jobs` (`once`);--> statement-breakpoint
CREATE INDEX `jobs_due` ON `jobs` (`due_at`,`lane`,`queue`);--> statement-breakpoint
CREATE INDEX `jobs_in_queue` ON `jobs` (`queue`,`lane`,`due_at`,`number`);--> statement-breakpoint
CREATE INDEX `jobs_ordered` ON `jobs` (`subject`,`number`) WHERE ordered;--> statement-breakpoint
CREATE TABLE `leases` (
	`subject` text PRIMARY KEY NOT NULL,
	`job` text NOT NULL,
	`queue` text NOT NULL,
	`epoch` integer NOT NULL,
	`owner` text NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `leases_until` ON `leases` (`until`,`queue`);--> statement-breakpoint
CREATE TABLE `ledger_head` (
	`id` integer PRIMARY KEY NOT NULL,
	`size` integer NOT NULL,
	`hashes` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `persons` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `queues` (
	`name` text PRIMARY KEY NOT NULL,
	`tat` integer NOT NULL,
	`ready_at` integer NOT NULL,
	`at_once` integer NOT NULL,
	`served` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `queues_ready` ON `queues` (`ready_at`);--> statement-breakpoint
CREATE TABLE `requests` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`status` text NOT NULL,
	`requester` text NOT NULL,
	`submitted_at` integer NOT NULL,
	`due_at` integer,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `requests_due` ON `requests` (`due_at`) WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX `requests_of` ON `requests` (`requester`,`submitted_at`);--> statement-breakpoint
CREATE INDEX `requests_in` ON `requests` (`status`,`submitted_at`);--> statement-breakpoint
CREATE TABLE `surfaces` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`request_id` text,
	`platform` text,
	`tenant` text,
	`channel` text,
	`message` text,
	`body` text NOT NULL,
	FOREIGN KEY (`request_id`) REFERENCES `requests`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `surfaces_of` ON `surfaces` (`request_id`);--> statement-breakpoint
CREATE INDEX `surfaces_at` ON `surfaces` (`message`,`channel`,`tenant`,`platform`) WHERE message is not null;