#include <bits/stdc++.h>
#define int long long
#define all(x) (x).begin(), (x).end()
using namespace std;
int Reader, Writer, kScorer, Serve;
vector<int> solve(vector<int> a) {
  ios::sync_with_stdio(false);
  cin.tie(nullptr);
  sort(all(a));
  cout << a.size() << endl;
  return a;
}
signed main() {
  vector<int> a;
  int x;
  while (cin >> x) a.push_back(x);
  for (int y : solve(a)) cout << y << ' ';
}
// CALLS
// [[3, 1, 2]] -> [1, 2, 3]
// [[5000000000, -1]] -> [-1, 5000000000]
