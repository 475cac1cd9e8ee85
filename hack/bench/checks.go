package bench

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/bucketwarden/bucketwarden/policy"
	"github.com/bucketwarden/bucketwarden/policy/rules"
)

// check reads a policy and answers both questions.
type check func(text string) (public, acl bool, err error)

// bucketwarden decides with some of the rules.
func bucketwarden(list []*policy.Rule) check {
	bucket := policy.Bucket{
		Name:      policy.Fact[string]{Value: "logs", Origin: policy.Declared},
		Ownership: policy.Fact[policy.Ownership]{Value: policy.BucketOwnerEnforced, Origin: policy.Declared},
	}
	return func(text string) (public, acl bool, err error) {
		in := policy.NewInput(policy.BucketPolicy, text, bucket)
		if in.Unreadable != nil {
			return false, false, in.Unreadable
		}
		for _, f := range policy.Run(list, in).Findings {
			switch f.Rule {
			case rules.PublicAccess, rules.PublicWrite:
				public = true
			case rules.ACLActionWithACLsDisabled:
				acl = true
			}
		}
		return public, acl, nil
	}
}

// sameChecks are the rules that ask what the others ask.
func sameChecks() []*policy.Rule {
	return []*policy.Rule{rules.PublicAccess, rules.PublicWrite, rules.ACLActionWithACLsDisabled}
}

//go:embed checks.rego
var module string

// opa evaluates checks.rego, prepared once.
func opa() (check, error) {
	ctx := context.Background()
	query, err := rego.New(rego.Query("public = data.bucket.public; acl = data.bucket.acl"),
		rego.Module("checks.rego", module+"\ndefault public := false\n\ndefault acl := false\n")).PrepareForEval(ctx)
	if err != nil {
		return nil, err
	}
	return func(text string) (public, acl bool, err error) {
		var input any
		if err := json.Unmarshal([]byte(text), &input); err != nil {
			return false, false, err
		}
		results, err := query.Eval(ctx, rego.EvalInput(input))
		if err != nil {
			return false, false, err
		}
		if len(results) != 1 {
			return false, false, fmt.Errorf("%d results", len(results))
		}
		return results[0].Bindings["public"] == true, results[0].Bindings["acl"] == true, nil
	}, nil
}

// The same in CEL.
const (
	celStatements = `(type(doc.Statement) == list ? doc.Statement : [doc.Statement])`
	celPublic     = celStatements + `.exists(s, s.Effect == "Allow" && !has(s.Condition) && (s.Principal == "*" ||
		type(s.Principal) == map && "AWS" in s.Principal &&
		(s.Principal.AWS == "*" || type(s.Principal.AWS) == list && "*" in s.Principal.AWS)))`
	celACL = celStatements + `.exists(s, s.Effect == "Allow" && has(s.Action) && (type(s.Action) == list ? s.Action : [s.Action])
		.exists(a, a.lowerAscii() in ["s3:putobjectacl", "s3:putobjectversionacl", "s3:putbucketacl"]))`
)

// celChecks evaluates both expressions, compiled once.
func celChecks() (check, error) {
	env, err := cel.NewEnv(cel.Variable("doc", cel.DynType), ext.Strings())
	if err != nil {
		return nil, err
	}
	var programs [2]cel.Program
	for i, expression := range [...]string{celPublic, celACL} {
		ast, issues := env.Compile(expression)
		if issues.Err() != nil {
			return nil, issues.Err()
		}
		if programs[i], err = env.Program(ast, cel.EvalOptions(cel.OptOptimize)); err != nil {
			return nil, err
		}
	}
	return func(text string) (public, acl bool, err error) {
		var doc any
		if err := json.Unmarshal([]byte(text), &doc); err != nil {
			return false, false, err
		}
		var answers [2]bool
		for i, p := range programs {
			value, _, err := p.Eval(map[string]any{"doc": doc})
			if err != nil {
				return false, false, err
			}
			answers[i] = value.Value() == true
		}
		return answers[0], answers[1], nil
	}, nil
}
