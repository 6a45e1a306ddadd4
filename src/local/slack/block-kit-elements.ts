// Buttons, overflow menus and images, and which elements may stand in which block.
// What is not listed is refused as unsupported.
import { among, type Check, characters, list, may, must, shape } from './block-kit-checks.ts';
import { anyId, choices, element } from './block-kit-inputs.ts';
import { confirmation, oneOf, overflowOption, plain } from './block-kit-objects.ts';

const button = element('button', {
  text: must(plain(75)),
  value: may(characters(2_000)),
  url: may(characters(3_000)),
  style: may(among('primary', 'danger')),
  confirm: may(confirmation),
  accessibility_label: may(characters(75)),
});

const overflow = element('overflow', { options: must(list(overflowOption, 5)), confirm: may(confirmation) });

export const image = shape(
  {
    type: must(among('image')),
    image_url: may(characters(3_000, 1)),
    slack_file: may(shape({ id: may(anyId), url: may(characters(3_000, 1)) }, oneOf('id', 'url'))),
    alt_text: must(characters(2_000, 1)),
  },
  oneOf('image_url', 'slack_file'),
);

export const ACTION_ELEMENTS: Readonly<Record<string, Check>> = { ...choices, button, overflow };
export const ACCESSORIES: Readonly<Record<string, Check>> = { ...ACTION_ELEMENTS, image };
