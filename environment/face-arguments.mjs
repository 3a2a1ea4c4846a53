// Writes dist/face-arguments.json: what each function of the face takes, as its declaration says, for the guard that checks
// arguments (src/files/guard.ts). Part of the build.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { publicNames } from "./public-names.mjs";

const TYPED_ARRAY =
  /^(Float32Array|Float64Array|Int8Array|Int16Array|Int32Array|BigInt64Array|Uint8Array|Uint8ClampedArray|Uint16Array|Uint32Array)$/;

/**
 * @param dist folder of compiled files
 * @returns { flat: { name: parameters }, namespaces: { namespace: { name: parameters } } }
 */
export function faceArguments(dist) {
  const { checker, names } = publicNames(path.join(dist, "index.d.ts"));
  const found = { flat: {}, namespaces: {} };
  for (const { name, declared, members } of names) {
    if (members === undefined) {
      addFunction(found.flat, name, declared);
      continue;
    }
    found.namespaces[name] = {};
    for (const inner of members) addFunction(found.namespaces[name], inner.name, inner.declared);
  }
  return found;

  function addFunction(to, name, symbol) {
    if (!(symbol.flags & ts.SymbolFlags.Function)) return;
    const type = checker.getTypeOfSymbol(symbol);
    const signatures = type.getCallSignatures();
    if (signatures.length !== 1) return; // overloads check themselves
    const [signature] = signatures;
    const isAsync = checker.getReturnTypeOfSignature(signature).symbol?.name === "Promise";
    const takes = signature.parameters.map((parameter) => parameterOf(parameter));
    to[name] = { ...(isAsync && { isAsync }), takes };
  }

  function parameterOf(symbol) {
    const node = symbol.valueDeclaration;
    if (node.dotDotDotToken) return { name: symbol.name, rest: true };
    const optional = node.questionToken !== undefined || node.initializer !== undefined;
    const type = checker.getTypeOfSymbol(symbol);
    // a parameter that is taken apart has no name of its own
    const name = ts.isIdentifier(node.name) ? symbol.name : "options";
    const parts = type.isUnion() ? type.types : [type];
    const isOptions =
      parts.some((part) => /Options$/.test(part.aliasSymbol?.name ?? part.symbol?.name)) ||
      (name === "options" && (optional || ts.isIdentifier(node.name)));
    return { name, ...(optional && { optional }), is: shapes(type, isOptions) };
  }

  /** The forms that a value may have; undefined where any may be right. */
  function shapes(type, isOptions, depth = 2) {
    const all = [];
    for (const part of type.isUnion() ? type.types : [type]) {
      const shape = shapeOf(part, isOptions, depth);
      if (shape === undefined) return undefined;
      const words = shape.values && all.find(({ values }) => values);
      if (words) words.values.push(...shape.values);
      else if (!all.some((other) => JSON.stringify(other) === JSON.stringify(shape))) all.push(shape);
    }
    return all;
  }

  function shapeOf(type, isOptions, depth) {
    const { flags } = type;
    if (flags & ts.TypeFlags.TypeParameter) {
      const constraint = checker.getBaseConstraintOfType(type);
      return constraint && !(constraint.flags & ts.TypeFlags.Unknown)
        ? onlyShape(constraint, isOptions, depth)
        : undefined;
    }
    if (flags & ts.TypeFlags.StringLiteral) return { kind: "text", values: [type.value] };
    if (flags & ts.TypeFlags.StringLike) return { kind: "text" };
    if (flags & ts.TypeFlags.NumberLike) return { kind: "number" };
    if (flags & ts.TypeFlags.BooleanLike) return { kind: "boolean" };
    if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) return { kind: "nothing" };
    if (flags & ts.TypeFlags.Null) return { kind: "null" };
    if (flags & ts.TypeFlags.Intersection) {
      const isObject = type.types.every((part) => part.flags & ts.TypeFlags.Object);
      return isObject ? objectOf(type, isOptions, depth) : onlyShape(type.types[0], isOptions, depth);
    }
    if (!(flags & ts.TypeFlags.Object)) return undefined;
    if (checker.isTupleType(type)) return { kind: "list", least: type.target.minLength };
    if (checker.isArrayType(type)) {
      const of = shapes(checker.getTypeArguments(type)[0], false, depth);
      return { kind: "list", ...(of && { of }) };
    }
    if (/^(Readonly)?(Map|Set)$/.test(type.symbol?.name)) return { kind: type.symbol.name.replace("Readonly", "") };
    if (TYPED_ARRAY.test(type.symbol?.name)) return { kind: "array", name: type.symbol.name };
    if (type.getCallSignatures().length > 0) return { kind: "function" };
    return objectOf(type, isOptions, depth);
  }

  function onlyShape(type, isOptions, depth) {
    const all = shapes(type, isOptions, depth);
    return all?.length === 1 ? all[0] : undefined;
  }

  function objectOf(type, isOptions, depth) {
    if (depth === 0) return { kind: "object" };
    const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
    const isOpen = index !== undefined;
    // a list or a typed array will do
    if (!isOpen && checker.getIndexInfoOfType(type, ts.IndexKind.Number)) return { kind: "indexed" };
    const name = type.aliasSymbol?.name ?? type.symbol?.name;
    const properties = checker.getPropertiesOfType(type).filter((property) => !property.name.startsWith("__@"));
    const fields = properties
      .filter((property) => !mayLack(property))
      .map((property) => [property.name, kindOf(property)]);
    const each = isOpen ? shapes(index.type, false, depth - 1) : undefined;
    return {
      kind: "object",
      ...(name && !/^(__|Record$|Partial$|Pick$|Omit$)/.test(name) && { name }),
      ...(fields.length > 0 && { fields: Object.fromEntries(fields) }),
      ...(each && { each }),
      ...(isOptions && !isOpen && { known: properties.map((property) => property.name) }),
    };
  }

  /** The kind of a field, where it is only one; null where it may be several. A number may have been stored as null. */
  function kindOf(property) {
    const found = new Set(shapes(checker.getTypeOfSymbol(property), false, 0)?.map(({ kind }) => kind));
    const [kind] = found;
    return found.size === 1 && kind !== "number" && kind !== "boolean" ? kind : null;
  }

  function mayLack(property) {
    if (property.flags & ts.SymbolFlags.Optional) return true;
    const type = checker.getTypeOfSymbol(property);
    const lacks = ts.TypeFlags.Undefined | ts.TypeFlags.Any | ts.TypeFlags.Unknown;
    return (type.isUnion() ? type.types : [type]).some(({ flags }) => flags & lacks);
  }
}

/** Writes the file beside the compiled face. */
export function writeFaceArguments(dist) {
  writeFileSync(path.join(dist, "face-arguments.json"), JSON.stringify(faceArguments(dist)));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) writeFaceArguments(process.argv[2]);
