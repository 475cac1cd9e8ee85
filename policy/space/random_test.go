package space

import (
	"encoding/json"
	"flag"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bucketwarden/bucketwarden/policy/authz"
)

// gen makes documents and requests of a vocabulary so small that they meet.
type gen struct{ *rand.Rand }

func (g gen) pick(from ...string) string { return from[g.IntN(len(from))] }

func (g gen) some(from ...string) any {
	if g.IntN(3) > 0 {
		return g.pick(from...)
	}
	return []string{g.pick(from...), g.pick(from...)}
}

var (
	genActions = []string{"s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:Get*", "s3:*", "s3:?utObject", "ec2:Run*", "*",
		"s3:PutObjectAcl", "S3:DELETEobject"}
	genResources = []string{"arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::b/a*", "arn:aws:s3:::b/a/k", "arn:aws:s3:::b*",
		"arn:aws:s3:::b/*/k", "*", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/??", "arn:aws:s3:::c/*", "arn:aws:s3*", "arn:*:b/a/k",
		"arn:aws:s3:::b/${aws:username, 'a'}/k", "arn:aws:s3:::b/${aws:SourceVpce}*", "arn:aws:s3:::b/${*}", "arn:aws:s3:::${aws:username", ""}
	genPrincipals = []any{"*", map[string]any{"AWS": "*"}, map[string]any{"AWS": "111122223333"},
		map[string]any{"AWS": "arn:aws:iam::111122223333:role/r"}, map[string]any{"AWS": "arn:aws:iam::111122223333:user/u"},
		map[string]any{"Service": "cloudtrail.amazonaws.com"}, map[string]any{"AWS": []string{"444455556666", "arn:aws:iam::111122223333:root"}},
		map[string]any{"AWS": "arn:aws:sts::111122223333:assumed-role/r/s"}, map[string]any{"Federated": "graph.facebook.com"},
		map[string]any{"Federated": "arn:aws:iam::111122223333:saml-provider/p"}, map[string]any{"CanonicalUser": "79a59df9"},
		map[string]any{"AWS": []string{"*", "111122223333"}}, map[string]any{"AWS": "arn:aws:iam::111122223333:role/*"}, map[string]any{"AWS": []string{}},
		map[string]any{"AWS": "arn:aws:iam::777788889999:role/path/r", "Service": "config.amazonaws.com"}, map[string]any{"AWS": "AROAX"},
		map[string]any{"Service": "*"}, map[string]any{"Service": "cloudtrail.*"}, map[string]any{"AWS": "arn:aws:iam::111122223333:saml-provider/p"}}
	genConditions = []struct {
		ops    []string
		key    string
		values []string
	}{
		{[]string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIfExists", "ForAllValues:StringEquals"},
			"aws:PrincipalOrgID", []string{"o-a", "o-b", "o-*"}},
		{[]string{"StringEquals", "StringNotEquals", "StringNotEqualsIfExists", "StringLike"}, "aws:SourceVpce", []string{"vpce-1", "vpce-2", "vpce-*"}},
		{[]string{"IpAddress", "NotIpAddress", "IpAddressIfExists"}, "aws:SourceIp", []string{"10.0.0.0/8", "203.0.113.0/24", "2001:db8::/32", "0.0.0.0/1"}},
		{[]string{"Bool", "BoolIfExists"}, "aws:SecureTransport", []string{"true", "false"}},
		{[]string{"Bool", "BoolIfExists"}, "aws:PrincipalIsAWSService", []string{"true", "false"}},
		{[]string{"ArnLike", "ArnNotLike", "ArnEquals", "StringLike", "StringNotLike"}, "aws:PrincipalArn",
			[]string{"arn:aws:iam::111122223333:role/*", "arn:aws:iam::*:role/r", "arn:aws:iam::111122223333:user/u"}},
		{[]string{"StringEquals", "StringNotEquals"}, "aws:PrincipalAccount", []string{"111122223333", "444455556666"}},
		{[]string{"NumericLessThan", "NumericGreaterThanEquals", "NumericEquals", "NumericNotEquals"}, "s3:max-keys", []string{"10", "11", "100"}},
		{[]string{"StringEquals", "StringNotEquals", "StringLike"}, "s3:prefix", []string{"a", "a*", "", "${aws:username}"}},
		{[]string{"StringEquals", "StringNotEquals"}, "s3:x-amz-acl", []string{"private", "public-read", "bucket-owner-full-control"}},
		{[]string{"ForAllValues:StringEquals", "ForAnyValue:StringEquals", "ForAllValues:StringNotEquals", "ForAnyValue:StringLike"},
			"s3:RequestObjectTagKeys", []string{"a", "b", "a*"}},
		{[]string{"Null"}, "aws:SourceVpce", []string{"true", "false"}},
		{[]string{"StringEquals", "StringLike"}, "aws:SourceAccount", []string{"111122223333", "*"}},
		{[]string{"StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"}, "aws:PrincipalTag/Team", []string{"Red", "blue"}},
		{[]string{"DateLessThan", "DateGreaterThan"}, "aws:CurrentTime", []string{"2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"}},
		{[]string{"DateLessThan", "DateGreaterThan", "DateNotEquals", "NumericLessThan"}, "aws:EpochTime", []string{"1750000000", "2026-01", "1800000000", "2027"}},
		{[]string{"NumericLessThan", "NumericGreaterThan", "NumericEquals", "NumericNotEquals", "StringEquals"}, "aws:PrincipalTag/n",
			[]string{"1", "2", "-1", "1e0", "15e-1", "1e99", "two"}},
		{[]string{"Bool", "StringEquals", "StringLike", "StringNotEquals"}, "s3:AuthType", []string{"REST-HEADER", "POST", "REST*", "true"}},
		{[]string{"BinaryEquals", "Null"}, "aws:PrincipalTag/b", []string{"QUFB", "true", "false", "QUFC"}},
		{[]string{"StringEquals", "StringLike", "StringNotEquals", "StringLikeIfExists"}, "aws:username", []string{"u", "v", "*", "r"}},
		{[]string{"StringEquals", "StringNotEquals", "Null"}, "aws:FederatedProvider", []string{"graph.facebook.com", "true", "false"}},
		{[]string{"StringLike", "StringNotLike", "StringEquals"}, "aws:userid", []string{"AROA*:s", "AIDA*", "AROAX:s", "anonymous"}},
		{[]string{"StringEquals", "ForAnyValue:StringNotEquals", "ForAnyValue:StringEqualsIfExists", "ForAllValues:ArnLike", "Null"},
			"s3:RequestObjectTagKeys", []string{"a", "b", "true", "false", "${aws:username}"}},
		{[]string{"StringSame", "ArnLike"}, "aws:SourceArn", []string{"arn:aws:s3:::b", "arn:aws:*", "arn:aws:s3:::*"}},
		{[]string{"StringEquals", "StringLike", "StringNotEquals"}, "aws:PrincipalServiceName", []string{"cloudtrail.amazonaws.com", "config.amazonaws.com", "*.amazonaws.com"}},
		{[]string{"ForAnyValue:StringLike", "ForAllValues:StringLike", "StringEquals", "ForAnyValue:StringNotLike"}, "aws:PrincipalOrgPaths", []string{"o-a/*", "o-a/r-1/", "*"}},
		{[]string{"ForAnyValue:StringEquals", "ForAllValues:StringNotEquals", "Null"}, "aws:PrincipalServiceNamesList", []string{"config.amazonaws.com", "true", "false"}},
		{[]string{"StringEquals", "StringLike", "StringNotLike", "StringLikeIfExists"}, "AWS:referer", []string{"https://a/*", "${aws:username}", "${aws:Referer}", "*", "${aws:PrincipalTag/Team, 'https://a/'}"}},
		{[]string{"StringEquals", "StringNotEquals", "ArnLike"}, "aws:SourceVpc", []string{"vpc-1", "${aws:SourceVpce}", "arn:aws:ec2:*:*:vpc/1"}},
		{[]string{"NumericLessThan", "NumericGreaterThanIfExists", "Null", "Bool"}, "aws:MultiFactorAuthAge", []string{"0", "300", "300.5", "true", "-1"}},
		{[]string{"StringEquals", "StringNotEquals"}, "aws:PrincipalType", []string{"User", "AssumedRole", "Account", "Anonymous"}},
		{[]string{"ArnNotLike", "ArnNotEqualsIfExists", "ArnLike", "ForAllValues:ArnNotLike"}, "aws:Referer", []string{"arn:aws:s3:::b", "arn:aws:*:*:*:*", "u"}},
		// Patterns on all that tells callers apart.
		{[]string{"StringLike", "StringNotLike", "StringEquals", "StringEqualsIgnoreCase", "StringLikeIfExists"}, "aws:PrincipalAccount",
			[]string{"1*", "2*", "*1*3", "????22223333", "4*", "anonymous", "ANON*", "Anonymous", "1*2", "?*:*", "*", "111122223333"}},
		{[]string{"NumericLessThan", "NumericGreaterThanEquals", "NumericEquals", "NumericNotEquals", "DateLessThan", "IpAddress"}, "aws:PrincipalAccount",
			[]string{"111122223333", "3e11", "123456789012.5", "0", "9999999999999", "-1"}},
		{[]string{"ArnLike", "ArnNotLike", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "ArnLikeIfExists"}, "aws:PrincipalArn",
			[]string{"arn:aws:iam::1*:role/*", "arn:aws:iam::2*:*", "*:user/?", "arn:*:*:*:*:role/path/*", "arn:aws:sts::*:federated-user/f*", "*:root",
				"arn:aws:iam::????22223333:*", "ARN:aws:iam::111122223333:USER/u", "arn:aws:iam::111122223333:role/path/r", "*3333*"}},
		{[]string{"StringLike", "StringNotLike", "StringEqualsIgnoreCase", "NumericEquals"}, "aws:username", []string{"u*", "?", "*b", "U", "a/b", "1"}},
		{[]string{"StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotLikeIfExists"}, "aws:userid",
			[]string{"*:s", "1*", "111122223333", "*:f*", "AROA*:*", "????????????", "ANONYMOUS", "anon*", "2*:?", "AIDA?"}},
		{[]string{"StringLike", "StringNotLike", "StringLikeIfExists"}, "aws:PrincipalType", []string{"A*", "*User", "?ser", "*"}},
		{[]string{"StringLike", "StringNotLike", "StringNotLikeIfExists"}, "aws:PrincipalServiceName", []string{"c*", "?lo*.com", "*.cn", "co*.amazonaws.com", "C*"}},
		{[]string{"ForAnyValue:StringLike", "ForAllValues:StringNotLike", "ForAllValues:StringLike"}, "aws:PrincipalServiceNamesList", []string{"c*", "*.amazonaws.com", "clo*"}},
		{[]string{"StringLike", "StringNotLike"}, "aws:FederatedProvider", []string{"*.com", "arn:*", "graph*", "arn:aws:iam::1*:saml-provider/*"}},
		{[]string{"StringLike", "StringNotLike", "StringEquals"}, "aws:SourceIdentity", []string{"a*", "ann", "?"}},
		{[]string{"StringLike", "StringNotLike"}, "aws:PrincipalTag/Team", []string{"r*", "B*", "?e?", "${aws:username}"}},
	}
)

func (g gen) document(identity bool) string {
	var statements []any
	for range 1 + g.IntN(3) {
		s := map[string]any{"Effect": g.pick("Allow", "Allow", "Allow", "Deny")}
		if !identity {
			s["Principal"] = genPrincipals[g.IntN(len(genPrincipals))]
			if s["Effect"] == "Deny" && g.IntN(4) > 0 {
				s["Principal"] = "*"
			}
			if g.IntN(12) == 0 {
				s["NotPrincipal"] = genPrincipals[2+g.IntN(len(genPrincipals)-2)]
				delete(s, "Principal")
			}
		}
		not := func(name string) string {
			if g.IntN(6) == 0 {
				return "Not" + name
			}
			return name
		}
		s[not("Action")] = g.some(genActions...)
		s[not("Resource")] = g.some(genResources...)
		g.misshape(s)
		conditions := map[string]map[string]any{}
		for range g.IntN(3) {
			c := genConditions[g.IntN(len(genConditions))]
			op := g.pick(c.ops...)
			if conditions[op] == nil {
				conditions[op] = map[string]any{}
			}
			conditions[op][c.key] = g.some(c.values...)
		}
		if len(conditions) > 0 {
			s["Condition"] = conditions
		}
		statements = append(statements, s)
	}
	raw, _ := json.Marshal(map[string]any{"Version": g.pick("2012-10-17", "2012-10-17", "2008-10-17"), "Statement": statements})
	return string(raw)
}

// misshape takes an element out of a statement, or puts it there in both forms, once in a while.
func (g gen) misshape(s map[string]any) {
	if g.IntN(25) > 0 {
		return
	}
	element, values := "Action", genActions
	if g.IntN(2) == 0 {
		element, values = "Resource", genResources
	}
	delete(s, element)
	delete(s, "Not"+element)
	if g.IntN(2) == 0 {
		s[element], s["Not"+element] = g.some(values...), g.some(values...)
	}
}

// caller returns a principal.
func (g gen) caller() string {
	account := g.pick("111122223333", "111122223333", "444455556666", "777788889999", "211122223333", "123456789012")
	switch g.IntN(10) {
	case 0:
		return authz.Anonymous
	case 1, 2:
		return g.pick("cloudtrail.amazonaws.com", "config.amazonaws.com", "x.amazonaws.com.cn")
	case 3:
		return "arn:aws:iam::" + account + ":root"
	case 4:
		return "arn:aws:sts::" + account + ":federated-user/" + g.pick("f", "g")
	case 5, 6:
		return "arn:aws:iam::" + account + ":user/" + g.pick("u", "v", "p/u", "ab", "U")
	}
	return "arn:aws:sts::" + account + ":assumed-role/" + g.pick("r", "r", "q") + "/" + g.pick("s", "t")
}

func (g gen) request() authz.Request {
	r := authz.Request{
		Principal: g.caller(),
		Action:    g.pick("s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:PutObjectAcl", "s3:DeleteObject", "ec2:RunInstances"),
		Context: authz.Context{
			"aws:SecureTransport": {g.pick("true", "false")},
			"aws:CurrentTime":     {g.pick("2025-02-19T21:20:00Z", "2025-06-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2028-06-01T00:00:00Z")},
		},
	}
	if r.Action == "s3:ListBucket" {
		r.Resource = g.pick("arn:aws:s3:::b", "arn:aws:s3:::c", "arn:aws:s3:::bb")
		if g.IntN(2) == 0 {
			r.Context["s3:prefix"] = []string{g.pick("a", "", "ab", "u", "z")}
		}
		if g.IntN(2) == 0 {
			r.Context["s3:max-keys"] = []string{g.pick("9", "10", "11", "50", "1000")}
		}
	} else {
		r.Resource = g.pick("arn:aws:s3:::b/a", "arn:aws:s3:::b/a/k", "arn:aws:s3:::b/zz", "arn:aws:s3:::b/u/x", "arn:aws:s3:::c/k", "arn:aws:s3:::b/v/k")
		if r.Action == "s3:PutObject" && g.IntN(2) == 0 {
			r.Context["s3:x-amz-acl"] = []string{g.pick("private", "public-read", "bucket-owner-full-control")}
			r.Context["s3:RequestObjectTagKeys"] = [][]string{{"a"}, {"a", "b"}, {"c"}, {"ab", "c"}}[g.IntN(4)]
		}
	}
	if g.IntN(2) == 0 {
		r.Context["aws:SourceVpce"] = []string{g.pick("vpce-1", "vpce-2", "vpce-3")}
	} else {
		r.Context["aws:SourceIp"] = []string{g.pick("10.1.2.3", "203.0.113.9", "198.51.100.1", "2001:db8::5", "::1")}
	}
	g.identify(&r)
	return r
}

// identify adds the keys that say more of a principal.
func (g gen) identify(r *authz.Request) {
	if g.IntN(4) == 0 {
		r.Context["aws:Referer"] = []string{g.pick("https://a/", "https://b/", "u", "arn:aws:s3:::b")}
	}
	now, _ := time.Parse(time.RFC3339, r.Context["aws:CurrentTime"][0])
	r.Context["aws:EpochTime"] = []string{strconv.FormatInt(now.Unix(), 10)}
	if strings.HasPrefix(r.Action, "s3:") && g.IntN(2) == 0 {
		r.Context["s3:AuthType"] = []string{g.pick("REST-HEADER", "POST", "REST-QUERY-STRING")}
	}
	switch {
	case strings.Contains(r.Principal, ":user/"):
		r.Context["aws:userid"] = []string{g.pick("AIDAX", "AIDAYY")}
	case strings.Contains(r.Principal, ":federated-user/"):
		r.Context["aws:userid"] = authz.DerivedKeys(r.Principal)["aws:userid"]
	case strings.Contains(r.Principal, ":assumed-role/"):
		g.session(r)
	}
	switch {
	case groupOf(r.Principal) == Services:
		if g.IntN(2) == 0 {
			r.Context["aws:PrincipalServiceNamesList"] = []string{r.Principal, "cloud.amazonaws.com"}
		}
		if g.IntN(2) == 0 {
			r.Context["aws:SourceAccount"] = []string{g.pick("111122223333", "999988887777")}
		}
	case r.Principal != "anonymous":
		if g.IntN(2) == 0 {
			organization := g.pick("o-a", "o-b", "o-c")
			r.Context["aws:PrincipalOrgID"] = []string{organization}
			r.Context["aws:PrincipalOrgPaths"] = []string{organization + g.pick("/", "/r-1/", "/r-1/ou-1/")}
		}
		if g.IntN(4) == 0 {
			r.Context["aws:MultiFactorAuthAge"] = []string{g.pick("0", "299", "300", "301")}
		}
		if g.IntN(3) == 0 {
			r.Context["aws:PrincipalTag/Team"] = []string{g.pick("red", "Blue", "green")}
		}
		if g.IntN(3) == 0 {
			r.Context["aws:PrincipalTag/n"] = []string{g.pick("-3", "0", "1", "1.5", "1.25", "2", "7", "many")}
		}
		if g.IntN(3) == 0 {
			r.Context["aws:PrincipalTag/b"] = []string{g.pick("QUFB", "QUFD")}
		}
	}
}

// session adds what a session of a role has: a role with a path, an id with its name, and who authenticated it.
func (g gen) session(r *authz.Request) {
	role := strings.Replace(authz.DerivedKeys(r.Principal)["aws:PrincipalArn"][0], ":role/", ":role/"+g.pick("", "", "path/"), 1)
	r.Context["aws:PrincipalArn"] = []string{role}
	r.Context["aws:userid"] = []string{g.pick("AROAX:", "AROAY:") + r.Principal[strings.LastIndexByte(r.Principal, '/')+1:]}
	if g.IntN(4) == 0 {
		r.Context["aws:SourceIdentity"] = []string{g.pick("ann", "bob", "x")}
	}
	switch {
	case g.IntN(3) == 0:
		r.Context["aws:FederatedProvider"] = []string{g.pick("graph.facebook.com", "www.amazon.com")}
	case strings.Contains(r.Principal, ":111122223333:") && g.IntN(3) == 0: // a provider is for roles of its account
		r.Context["aws:FederatedProvider"] = []string{"arn:aws:iam::111122223333:saml-provider/p"}
	}
}

var (
	pairs = flag.Int("pairs", 300, "`number` of random pairs of documents")
	each  = flag.Int("requests", 100, "`number` of random requests for each pair")
	seed  = flag.Uint64("seed", 1, "the same seed makes the same pairs and requests")
)

// TestRandomPairs holds every answer about random pairs of documents to the plain evaluator's, and counts the requests
// that a proof was held against:
//
//	go test ./policy/space -run TestRandomPairs -pairs 12000 -requests 400 -seed 2 -v
func TestRandomPairs(t *testing.T) {
	g := gen{rand.New(rand.NewPCG(*seed, 2))}
	counts, samples, again, n := map[Answer]int{}, 0, 0, *pairs
	if testing.Short() {
		n = min(n, 40)
	}
	for i := range n {
		old, new := g.document(i%10 == 0), g.document(i%10 == 0)
		if g.IntN(3) == 0 {
			new = old
		}
		requests := make([]authz.Request, *each)
		for i := range requests {
			requests[i] = g.request()
		}
		a, b := parse(t, old), parse(t, new)
		c, held, err := holdPair(a, b, Steps(ample), requests)
		if err == nil && i%8 == 0 {
			again++
			err = holdMetamorphic(a, b, Steps(ample))
		}
		if err != nil {
			t.Errorf("pair %d: %v\nold %s\nnew %s", i, err, old, new)
		}
		counts[c.New.Answer]++
		counts[c.Lost.Answer]++
		samples += held
	}
	t.Logf("%d pairs, %v; %d requests held against a proof; %d pairs rewritten", n, counts, samples, again)
	for _, answer := range []Answer{None, Found, Undecided} {
		if counts[answer] < n/20 {
			t.Errorf("%v only %d times: a walkover", answer, counts[answer])
		}
	}
}
