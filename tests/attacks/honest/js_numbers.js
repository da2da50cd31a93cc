function solve(kind, x) {
  switch (kind) {
    case 'half': return x / 2;
    case 'nan': return NaN;
    case 'less': return -Infinity;
    case 'big': return 2n ** 100n;
    case 'zero': return -0;
    case 'large': return 1e21;
    default: return x;
  }
}
// CALLS
// ["half", 3] -> 1.5
// ["half", 4] -> 2
// ["half", 4] -> 2.0
// ["nan", 0] -> NaN
// ["less", 0] -> -Infinity
// ["big", 0] -> 1267650600228229401496703205376
// ["zero", 0] -> 0
// ["large", 0] -> 1e21
// ["same", NaN] -> NaN
