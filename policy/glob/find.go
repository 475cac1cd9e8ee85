package glob

import "slices"

// Find looks for a string that every language of in holds and no language of out does. found is false when there is
// none; decided is false when budget ran out before that was known. Each pair of languages that is looked at takes one from
// budget, each state of the search one, and more where many characters or long languages make it cost more.
//
// Most questions are answered without a search: an example of one language that the others agree with, a language of
// out that includes one of in, two of in that share nothing. What is left is a walk, breadth first, through the states
// that all languages are in after the same string, over the characters that make a difference there and one that makes
// none. That is exponential in the worst case, as the question is; hence the budget.
func Find(in, out []Language, budget *int) (s string, found, decided bool) {
	if len(in) == 0 {
		in = []Language{Compile("*").Language()}
	}
	if len(in)+len(out) > 1 {
		if *budget -= Weight(in) * (Weight(in) + Weight(out) - 1); *budget <= 0 {
			return "", false, false
		}
	}
	for i, l := range in {
		if slices.ContainsFunc(out, func(o Language) bool { return o.Includes(l) }) ||
			slices.ContainsFunc(in[:i], l.Disjoint) {
			return "", false, true
		}
	}
	for _, l := range in {
		for _, fill := range [...]bool{true, false} {
			if s := l.example(fill); suits(s, in, out) {
				return s, true, true
			}
		}
	}
	w := walk{in: len(in)}
	for _, l := range slices.Concat(in, out) {
		w.machines = append(w.machines, newMachine(l))
	}
	return w.search(budget)
}

func suits(s string, in, out []Language) bool {
	return !slices.ContainsFunc(in, func(l Language) bool { return !l.Has(s) }) &&
		!slices.ContainsFunc(out, func(l Language) bool { return l.Has(s) })
}
