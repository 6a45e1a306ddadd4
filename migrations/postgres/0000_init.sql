CREATE TABLE "accounts" (
	"platform" text NOT NULL,
	"tenant" text NOT NULL,
	"user_id" text NOT NULL,
	"person" text NOT NULL,
	CONSTRAINT "accounts_platform_tenant_user_id_pk" PRIMARY KEY("platform","tenant","user_id")
);
--> statement-breakpoint
CREATE TABLE "checkpoints" (
	"size" bigint PRIMARY KEY NOT NULL,
	"root" text NOT NULL,
	"hashes" text NOT NULL,
	"note" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claims" (
	"key" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"until" bigint
);
--> statement-breakpoint
CREATE TABLE "counters" (
	"name" text PRIMARY KEY NOT NULL,
	"value" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deployment" (
	"id" text PRIMARY KEY NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "event_texts" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"salt" text NOT NULL,
	"text" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL,
	"type" text NOT NULL,
	"request_id" text,
	"grant_id" text,
	"leaf" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"request_id" text NOT NULL,
	"status" text NOT NULL,
	"person" text NOT NULL,
	"role" text NOT NULL,
	"target" text NOT NULL,
	"target_key" text NOT NULL,
	"entitlement" text NOT NULL,
	"principal_id" text NOT NULL,
	"principal_name" text NOT NULL,
	"ordered_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"due_at" bigint,
	"body" text NOT NULL,
	CONSTRAINT "grants_end" CHECK (expires_at > 0)
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"number" bigserial PRIMARY KEY NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"queue" text NOT NULL,
	"lane" integer NOT NULL,
	"due_at" bigint NOT NULL,
	"payload" text NOT NULL,
	"ordered" boolean NOT NULL,
	"once" text,
	"attempts" integer NOT NULL,
	"epoch" bigint,
	"round" integer NOT NULL,
	"again_at" bigint,
	"because" text,
	CONSTRAINT "jobs_id" UNIQUE("id"),
	CONSTRAINT "jobs_once" UNIQUE("once")
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"subject" text PRIMARY KEY NOT NULL,
	"job" text NOT NULL,
	"queue" text NOT NULL,
	"epoch" bigint NOT NULL,
	"owner" text NOT NULL,
	"until" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger_head" (
	"id" integer PRIMARY KEY NOT NULL,
	"size" bigint NOT NULL,
	"hashes" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "persons" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"body" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "queues" (
	"name" text PRIMARY KEY NOT NULL,
	"tat" bigint NOT NULL,
	"ready_at" bigint NOT NULL,
	"at_once" integer NOT NULL,
	"served" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "requests" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"status" text NOT NULL,
	"requester" text NOT NULL,
	"submitted_at" bigint NOT NULL,
	"due_at" bigint,
	"body" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "surfaces" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"request_id" text,
	"platform" text,
	"tenant" text,
	"channel" text,
	"message" text,
	"body" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_person_persons_id_fk" FOREIGN KEY ("person") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "event_texts" ADD CONSTRAINT "event_texts_seq_events_seq_fk" FOREIGN KEY ("seq") REFERENCES "public"."events"("seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_request_id_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "surfaces" ADD CONSTRAINT "surfaces_request_id_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "accounts_of" ON "accounts" USING btree ("person");--> statement-breakpoint
CREATE INDEX "claims_until" ON "claims" USING btree ("until") WHERE until is not null;--> statement-breakpoint
CREATE INDEX "events_of_request" ON "events" USING btree ("request_id","seq") WHERE request_id is not null;--> statement-breakpoint
CREATE INDEX "events_of_grant" ON "events" USING btree ("grant_id","seq") WHERE grant_id is not null;--> statement-breakpoint
CREATE INDEX "grants_due" ON "grants" USING btree ("due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "grants_live" ON "grants" USING btree ("ordered_at","id") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "grants_live_of" ON "grants" USING btree ("person","ordered_at","id") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "grants_of_request" ON "grants" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("due_at","lane","queue");--> statement-breakpoint
CREATE INDEX "jobs_in_queue" ON "jobs" USING btree ("queue","lane","due_at","number");--> statement-breakpoint
CREATE INDEX "jobs_ordered" ON "jobs" USING btree ("subject","number") WHERE ordered;--> statement-breakpoint
CREATE INDEX "leases_until" ON "leases" USING btree ("until","queue");--> statement-breakpoint
CREATE INDEX "queues_ready" ON "queues" USING btree ("ready_at");--> statement-breakpoint
CREATE INDEX "requests_due" ON "requests" USING btree ("due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "requests_of" ON "requests" USING btree ("requester","submitted_at");--> statement-breakpoint
CREATE INDEX "requests_in" ON "requests" USING btree ("status","submitted_at");--> statement-breakpoint
CREATE INDEX "surfaces_of" ON "surfaces" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "surfaces_at" ON "surfaces" USING btree ("message","channel","tenant","platform") WHERE message is not null;