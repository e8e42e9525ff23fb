// Where in a text a path of its document is, and which path a place in it has.
import { ensureSyntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';
import type { SyntaxNode } from '@lezer/common';
import type { Step } from '../problems';

const patience = 300;
const isValue = (node: SyntaxNode) => /^(Object|Array|String|Number|True|False|Null)$/.test(node.name);
const textOf = (state: EditorState, node: SyntaxNode) => {
  try {
    return JSON.parse(state.sliceDoc(node.from, node.to)) as string;
  } catch {
    return state.sliceDoc(node.from, node.to).replace(/^"|"$/g, '');
  }
};

const childrenOf = (node: SyntaxNode) => {
  const all: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) all.push(child);
  return all;
};
const valueIn = (node: SyntaxNode) => childrenOf(node).find(isValue);

export interface Range { from: number; to: number }

/** The name of a member, or a value without one; what is not there is told at what should hold it. */
export function rangeOf(state: EditorState, steps: readonly Step[]): Range {
  let value = ensureSyntaxTree(state, state.doc.length, patience)?.topNode && valueIn(ensureSyntaxTree(state, state.doc.length, patience)!.topNode);
  let range: Range = value ? { from: value.from, to: Math.min(value.to, value.from + 1) } : { from: 0, to: Math.min(1, state.doc.length) };
  for (const [place, step] of steps.entries()) {
    if (!value) break;
    if (typeof step === 'number') {
      value = value.name === 'Array' ? childrenOf(value).filter(isValue)[step] : undefined;
      if (value) range = place === steps.length - 1 ? { from: value.from, to: value.name === 'Object' || value.name === 'Array' ? value.from + 1 : value.to } : { from: value.from, to: value.from + 1 };
    } else {
      const property = value.name === 'Object' ? childrenOf(value).filter(child => child.name === 'Property').find(child => child.firstChild?.name === 'PropertyName' && textOf(state, child.firstChild) === step) : undefined;
      if (property) range = { from: property.firstChild!.from, to: property.firstChild!.to }; // its name, found above
      value = property && valueIn(property);
      if (place === steps.length - 1 && value && value.name !== 'Object' && value.name !== 'Array') range = { from: value.from, to: value.to };
    }
  }
  return range;
}

/** The path of the object or list around a place; and the member whose value is written there, if one is. */
export function pathAt(state: EditorState, position: number): { steps: Step[]; node: SyntaxNode; isName: boolean } | null {
  const node = ensureSyntaxTree(state, state.doc.length, patience)?.resolveInner(position, -1);
  if (!node) return null;
  const steps: Step[] = [];
  for (let at: SyntaxNode | null = node; at?.parent; at = at.parent) {
    if (at.name === 'Property' && at.firstChild?.name === 'PropertyName') {
      // Beside a name, a colon or inside a value: of this member; but a name that is being written belongs to the object.
      if (node.name !== 'PropertyName' || node.from !== at.firstChild.from) steps.unshift(textOf(state, at.firstChild));
    } else if (at.parent.name === 'Array' && isValue(at)) {
      const index = childrenOf(at.parent).filter(isValue).findIndex(one => one.from === at!.from);
      steps.unshift(index);
    }
  }
  return { steps, node, isName: node.name === 'PropertyName' || (node.name === 'Object' || node.name === '{') || (node.name === '⚠' && node.parent?.name === 'Object') };
}
