package space

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/authz"
	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// holdPair is everything that has to be true of any two documents, told to the plain evaluator and to the checker of
// proofs. requests are samples for the proofs to hold against; samples counts those that did. The error says what does
// not hold.
func holdPair(old, new *iam.Document, budget Budget, requests []authz.Request) (c Comparison, samples int, err error) {
	c = Compare(old, new, budget)
	if c.New.Answer == Found && old.Text() == new.Text() {
		return c, 0, fmt.Errorf("new access in the same document: %s", spell(*c.New.Witness))
	}
	if mirror := Compare(new, old, budget); mirror.New.Answer != c.Lost.Answer || mirror.Lost.Answer != c.New.Answer {
		return c, 0, fmt.Errorf("new %v, lost %v, but the other way round %v, %v", c.New.Answer, c.Lost.Answer, mirror.New.Answer, mirror.Lost.Answer)
	}
	// What an accepted document denies itself it does not accept: the same question, asked in another way.
	if v := Access(new, Everyone, budget, old); v.Answer != c.New.Answer && v.Answer != Undecided && c.New.Answer != Undecided {
		return c, 0, fmt.Errorf("new access %v, but %v of what the old document accepts", c.New.Answer, v.Answer)
	}
	requests = telling(requests, old, new)
	for _, d := range [...]struct {
		name     string
		v        Verdict
		from, to *iam.Document
	}{{"new", c.New, old, new}, {"lost", c.Lost, new, old}} {
		gained := func(r authz.Request) (authz.Match, authz.Match) {
			return allows(d.to, r), authz.Match(isAllowed(d.from, r, false))
		}
		n, err := holdVerdict(d.v, gained, requests)
		if err != nil {
			return c, samples, fmt.Errorf("%s: %w", d.name, err)
		}
		samples += n
	}
	return c, samples, holdCallers(new, budget, requests)
}

// allows reports whether a document allows a request under some reading. That an Allow may match and a Deny may too tells
// nothing: it can be that they only do together.
func allows(doc *iam.Document, r authz.Request) authz.Match {
	m := authz.Match(isAllowed(doc, r, true))
	if m != authz.Maybe {
		return m
	}
	open := map[iam.Effect]bool{}
	for _, i := range authz.Decide(doc, r).Statements {
		open[doc.Statements[i].Effect] = true
	}
	if open[iam.Allow] && open[iam.Deny] {
		return authz.No
	}
	return authz.Maybe
}

// telling leaves out requests about which the plain evaluator knows less than the engine, or is not asked: sessions that do
// not say who authenticated them, where a document asks; and values that are only the empty string, where a document has
// an operator for which AWS calls such a value none.
func telling(requests []authz.Request, docs ...*iam.Document) []authz.Request {
	mentions := func(words ...string) bool {
		return slices.ContainsFunc(docs, func(d *iam.Document) bool {
			return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(d.Text(), w) })
		})
	}
	federated, blank := mentions(`"Federated"`), mentions("Null", "ForAllValues", `\u`)
	return slices.DeleteFunc(slices.Clone(requests), func(r authz.Request) bool {
		return federated && strings.Contains(r.Principal, ":assumed-role/") && r.Context["aws:FederatedProvider"] == nil ||
			blank && slices.ContainsFunc(slices.Collect(maps.Values(r.Context)), func(v []string) bool { return slices.Equal(v, []string{""}) })
	})
}

// holdVerdict holds an answer to its question: says is the plain evaluator's word on one request, in two parts that have
// to be true. A witness is sure of both; a proof leaves no request that is sure of one and may be the other, for a proof
// is one under every reading of what AWS leaves open.
func holdVerdict(v Verdict, says func(authz.Request) (x, y authz.Match), requests []authz.Request) (samples int, err error) {
	switch v.Answer {
	case Found:
		x, y := says(*v.Witness)
		if err := v.Witness.Validate(); err != nil || min(x, y) != authz.Yes {
			return 0, fmt.Errorf("the witness is none: %s %w", spell(*v.Witness), err)
		}
		return 0, nil
	case Undecided:
		if v.Reason == "" {
			return 0, errors.New("undecided without a reason")
		}
		return 0, nil
	}
	for _, proof := range v.Proofs {
		if err := proof.Check(Steps(1_000_000)); err != nil {
			return 0, fmt.Errorf("%s: %w", proof.Subject, err)
		}
	}
	for _, r := range requests {
		if x, y := says(r); min(x, y) != authz.No && max(x, y) == authz.Yes {
			return 0, fmt.Errorf("proved that there is none, but %s: %s, %s", spell(r), x, y)
		}
	}
	return len(requests), nil
}

// holdCallers asks who gets in, and holds what is proved of each group of callers against the requests of the group.
func holdCallers(doc *iam.Document, budget Budget, requests []authz.Request) error {
	for _, callers := range []Callers{AnonymousCallers, Services, Strangers | NamedCallers} {
		var theirs []authz.Request
		for _, r := range requests {
			if groupOf(r.Principal) == callers {
				theirs = append(theirs, r)
			}
		}
		says := func(r authz.Request) (authz.Match, authz.Match) {
			return allows(doc, r), authz.Yes
		}
		if _, err := holdVerdict(Access(doc, callers, budget), says, theirs); err != nil {
			return fmt.Errorf("access of callers %d: %w", callers, err)
		}
	}
	return nil
}

func groupOf(principal string) Callers {
	switch {
	case principal == authz.Anonymous:
		return AnonymousCallers
	case strings.HasPrefix(principal, "arn:"):
		return Strangers | NamedCallers
	}
	return Services
}

func spell(r authz.Request) string {
	raw, _ := json.Marshal(r)
	return string(raw)
}

// holdMetamorphic is what has to be true of a document and of what is made of it without changing what it says, or by
// adding a Deny.
func holdMetamorphic(old, new *iam.Document, budget Budget) error {
	want := NewAccess(old, new, budget).Answer
	same, err := rewritten(new, func(statements []any) []any {
		slices.Reverse(statements)
		for i, s := range statements { // so that no statement is the other's to the letter
			s.(map[string]any)["Sid"] = fmt.Sprint("Again", i)
		}
		return statements
	})
	if err != nil {
		return err
	}
	if got := NewAccess(old, same, budget).Answer; got != want && got != Undecided && want != Undecided {
		return fmt.Errorf("%v, with the statements in another order %v", want, got)
	}
	if c := Compare(new, same, budget); c.New.Answer == Found || c.Lost.Answer == Found {
		return fmt.Errorf("in another order it is %s", c.Relation())
	}
	denied, err := rewritten(new, func(statements []any) []any {
		deny := map[string]any{"Effect": "Deny", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/s*"}
		if !new.IsIdentityPolicy() {
			deny["Principal"] = "*"
		}
		return append(statements, deny)
	})
	if err != nil {
		return err
	}
	if v := NewAccess(new, denied, budget); v.Answer == Found {
		return fmt.Errorf("a Deny more gives new access: %s", spell(*v.Witness))
	}
	if v := NewAccess(old, denied, budget); want == None && v.Answer == Found {
		return fmt.Errorf("no new access, but with a Deny more %s", spell(*v.Witness))
	}
	return nil
}

// rewritten makes a document of the statements of another, after edit; numbers keep their text.
func rewritten(doc *iam.Document, edit func([]any) []any) (*iam.Document, error) {
	statements := []any{}
	for _, s := range doc.Statements {
		dec := json.NewDecoder(strings.NewReader(s.Value.Compact()))
		dec.UseNumber()
		var v map[string]any
		if err := dec.Decode(&v); err != nil {
			return nil, err
		}
		statements = append(statements, v)
	}
	version := iam.Version2012
	if !doc.HasVariables() {
		version = iam.Version2008
	}
	raw, err := json.Marshal(map[string]any{"Version": version, "Statement": edit(statements)})
	if err != nil {
		return nil, err
	}
	return iam.Parse(string(raw))
}
