// @ts-check
// The only file that creates or changes DOM nodes. Views return plain descriptions (`h`), `draw` makes the page match.
// Nodes are matched by key and kept, so that focus, caret and scroll survive every change around them.
// Text is only ever a text node and attributes go through one door: there is no way to put markup in.
import { isSafeUrl } from './safe-url.js';

/**
 * @typedef {string | number | false | null | undefined | VElement} Child
 * @typedef {Child | readonly Children[]} Children
 * @typedef {Readonly<Record<string, unknown>> & { readonly key?: string }} Props
 * @typedef {{ readonly tag: string, readonly props: Props, readonly children: readonly Named[] }} VElement
 * @typedef {{ readonly id: string, readonly vnode: VElement | string }} Named
 * @typedef {Named & { readonly node: Node }} Drawn
 */

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'path', 'circle', 'rect', 'line']);
/** No script, style, iframe, object, embed, link, base or meta can be described, whatever a view passes on. */
const HTML_TAGS = new Set(
  `a article aside b br button code del dialog div em fieldset footer form h1 h2 h3 h4 header hr i input kbd label legend li main nav
  ol option optgroup p pre section select small span strong summary table tbody td textarea th thead time tr ul`.split(
    /\s+/,
  ),
);
const LIVE = new Set(['value', 'checked']);
const ADDRESSES = new Set(['href', 'src', 'action', 'formaction', 'xlink:href']);

/** What stands in each parent now. @type {WeakMap<Node, readonly Drawn[]>} */
const drawn = new WeakMap();
/** @type {WeakMap<Node, Record<string, (event: never) => void>>} */
const listeners = new WeakMap();

/**
 * @param {string} tag
 * @param {Props | null} [props] attributes; `on…` are functions; `onmount`/`onunmount` get the node
 * @param {...Children} children
 * @returns {VElement}
 */
export function h(tag, props, ...children) {
  if (!HTML_TAGS.has(tag) && !SVG_TAGS.has(tag)) throw new Error(`<${tag}> cannot be drawn`);
  return { tag, props: props ?? {}, children: named(children) };
}

/**
 * Every child gets a name that it keeps from drawing to drawing: its key, else its place in the list as it was written,
 * so that `[condition && first, second]` never takes the second for the first.
 * @param {Children} children @returns {readonly Named[]}
 */
function named(children) {
  /** @type {Map<string, number>} */
  const times = new Map();
  return [...flat(children, '')].map(({ id, vnode }) => {
    const time = times.get(id) ?? 0;
    times.set(id, time + 1);
    return { id: time === 0 ? id : `${id} again ${time}`, vnode };
  });
}

/** @param {Children} children @param {string} place @returns {Generator<Named>} */
function* flat(children, place) {
  if (isList(children)) for (const [index, child] of children.entries()) yield* flat(child, `${place}.${index}`);
  else if (typeof children === 'number') yield { id: `text ${place}`, vnode: String(children) };
  else if (typeof children === 'string' && children !== '') yield { id: `text ${place}`, vnode: children };
  else if (typeof children === 'object' && children !== null) yield { id: nameOf(children, place), vnode: children };
}

/** @param {VElement} vnode @param {string} place */
function nameOf({ tag, props }, place) {
  return props.key === undefined ? `${tag} ${place}` : `${tag} key ${props.key}`;
}

/** @param {Children} children @returns {children is readonly Children[]} */
function isList(children) {
  return Array.isArray(children);
}

/**
 * Makes the children of `parent` match. Mount hooks run when everything stands.
 * @param {Element} parent
 * @param {Children} children
 */
export function draw(parent, children) {
  /** @type {(() => void)[]} */
  const afterwards = [];
  drawChildren(parent, named(children), afterwards);
  for (const run of afterwards) run();
}

/** @param {Node} parent @param {readonly Named[]} next @param {(() => void)[]} afterwards */
function drawChildren(parent, next, afterwards) {
  const before = new Map((drawn.get(parent) ?? []).map((entry) => [entry.id, entry]));
  const after = next.map(({ id, vnode }) => {
    const old = before.get(id);
    before.delete(id);
    return { id, vnode, node: old ? update(old, vnode, afterwards) : create(vnode, afterwards) };
  });
  for (const gone of before.values()) remove(gone);
  for (const [index, { node }] of after.entries()) {
    const there = parent.childNodes[index] ?? null;
    if (there !== node) parent.insertBefore(node, there);
  }
  drawn.set(parent, after);
}

/** @param {VElement | string} vnode @param {(() => void)[]} afterwards @returns {Node} */
function create(vnode, afterwards) {
  if (typeof vnode === 'string') return document.createTextNode(vnode);
  const node = SVG_TAGS.has(vnode.tag) ? document.createElementNS(SVG, vnode.tag) : document.createElement(vnode.tag);
  // Before the children's: a dialog is opened before something in it asks for the keyboard.
  const mount = vnode.props.onmount;
  if (typeof mount === 'function') afterwards.push(() => mount(node));
  apply(node, vnode, {}, afterwards);
  return node;
}

/** @param {Drawn} old @param {VElement | string} vnode @param {(() => void)[]} afterwards @returns {Node} */
function update(old, vnode, afterwards) {
  if (typeof vnode === 'string') {
    if (old.vnode !== vnode) old.node.nodeValue = vnode;
  } else if (typeof old.vnode !== 'string' && old.node instanceof Element) {
    apply(old.node, vnode, old.vnode.props, afterwards);
  }
  return old.node;
}

/** @param {Element} node @param {VElement} vnode @param {Props} before @param {(() => void)[]} afterwards */
function apply(node, vnode, before, afterwards) {
  for (const name of Object.keys(before)) if (!(name in vnode.props)) setProp(node, name, undefined);
  for (const [name, value] of Object.entries(vnode.props)) {
    if (!LIVE.has(name) && before[name] !== value) setProp(node, name, value);
  }
  drawChildren(node, vnode.children, afterwards);
  // After the children: a select takes a value only when its options stand.
  for (const name of LIVE) if (name in vnode.props) setLive(node, name, vnode.props[name]);
}

/** @param {Element} node @param {string} name @param {unknown} value */
function setProp(node, name, value) {
  if (name === 'key' || name === 'onmount' || name === 'onunmount') return;
  if (name.startsWith('on')) return setListener(node, name.slice(2), value);
  if (name === 'style' || name === 'srcdoc' || name === 'innerHTML') throw new Error(`${name} cannot be set`);
  if (ADDRESSES.has(name) && !isSafeUrl(String(value))) return node.removeAttribute(name);
  if (value === undefined || value === null || value === false) return node.removeAttribute(name);
  node.setAttribute(name, value === true ? '' : String(value));
}

/** What the person changes too: written only when it differs, or the caret would jump. */
/** @param {Element} node @param {string} name @param {unknown} value */
function setLive(node, name, value) {
  const wanted = name === 'checked' ? value === true : String(value ?? '');
  if (Reflect.get(node, name) !== wanted) Reflect.set(node, name, wanted);
}

/** @param {Element} node @param {string} type @param {unknown} listener */
function setListener(node, type, listener) {
  if (listener && typeof listener !== 'function') throw new Error(`on${type} must be a function`);
  const own = listeners.get(node) ?? {};
  listeners.set(node, own);
  if (!(type in own)) node.addEventListener(type, (event) => own[type]?.(/** @type {never} */ (event)));
  own[type] = /** @type {(event: never) => void} */ (listener || (() => {}));
}

/** @param {Drawn} gone */
function remove(gone) {
  const unmount = typeof gone.vnode === 'string' ? undefined : gone.vnode.props.onunmount;
  if (typeof unmount === 'function') unmount(gone.node);
  gone.node.parentNode?.removeChild(gone.node);
}
