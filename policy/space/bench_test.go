package space

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// teams returns a document of n statements of about 330 bytes.
func teams(n int, action string) string {
	var s []string
	for i := range n {
		s = append(s, fmt.Sprintf(`{"Sid":"Team%d","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/team-%[1]d"},`+
			`"Action":["s3:GetObject",%[2]q],"Resource":"arn:aws:s3:::logs/team-%[1]d/*",`+
			`"Condition":{"StringEquals":{"aws:SourceVpce":"vpce-0123456789abcdef0"},"Bool":{"aws:SecureTransport":"true"}}}`, i, action))
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(s, ",") + `]}`
}

func BenchmarkNewAccess(b *testing.B) {
	for _, c := range []struct {
		name     string
		old, new string
		want     Answer
	}{
		{"seed/same", teams(2, "s3:PutObject"), teams(2, "s3:PutObject"), None},
		{"2KB/same", teams(6, "s3:PutObject"), teams(6, "s3:PutObject"), None},
		{"20KB/same", teams(60, "s3:PutObject"), teams(60, "s3:PutObject"), None},
		{"20KB/one-removed", teams(60, "s3:PutObject"), teams(59, "s3:PutObject"), None},
		{"20KB/one-added", teams(59, "s3:PutObject"), teams(60, "s3:PutObject"), Found},
		{"20KB/all-edited", teams(60, "s3:PutObject"), teams(60, "s3:GetObject"), None},
	} {
		b.Run(c.name, func(b *testing.B) {
			old, new := parse(b, c.old), parse(b, c.new)
			b.ReportAllocs()
			for b.Loop() {
				if v := NewAccess(old, new, Steps(AdmissionBudget)); v.Answer != c.want {
					b.Fatal(v.Answer, v.Reason)
				}
			}
		})
	}
}

// hostile are documents made to be hard, of about 20 KB at the most.
func hostile() map[string]string {
	g := rand.New(rand.NewPCG(9, 10))
	out := map[string]string{}
	for _, keys := range []int{20, 30, 40} {
		out[fmt.Sprintf("3sat/%d-keys", keys)] = hardPolicy(g, keys, keys*43/10)
	}
	statement := func(effect, resource string, list []string) string {
		return fmt.Sprintf(`{"Effect":%q,"Principal":"*","Action":"s3:GetObject",%q:["%s"]}`, effect, resource, strings.Join(list, `","`))
	}
	numbered := func(n int, format string) []string {
		var list []string
		for i := range n {
			list = append(list, strings.ReplaceAll(format, "#", fmt.Sprint(i)))
		}
		return list
	}
	everything := []string{"arn:aws:s3:::b/*"}
	for _, n := range []int{16, 40} {
		out[fmt.Sprintf("infix-globs/%d", n)] = version2012(statement("Allow", "Resource", everything) + "," +
			statement("Deny", "Resource", numbered(n, "arn:aws:s3:::b/*#*")) + "," +
			statement("Deny", "NotResource", numbered(n, "arn:aws:s3:::b/*x#*y*")))
	}
	out["variables/100"] = version2012(statement("Allow", "Resource", numbered(100, "arn:aws:s3:::b/${aws:PrincipalTag/t#}/*")) + "," +
		statement("Deny", "NotResource", numbered(50, "arn:aws:s3:::b/${aws:PrincipalTag/t#}/x*")))
	var nots []string
	for i := range 60 {
		nots = append(nots, fmt.Sprintf(`{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::%012d:root"},"NotAction":"s3:Get*","NotResource":"arn:aws:s3:::b/%d*"}`, 111122223333+i, i))
	}
	out["nots/60"] = version2012(strings.Join(nots, ",") + `,{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*"}`)
	var accounts []string
	for i := range 300 {
		accounts = append(accounts, fmt.Sprintf(`{"AWS":"arn:aws:iam::%012d:role/a"}`, 111122223333+i)[7:])
	}
	out["accounts/300"] = version2012(fmt.Sprintf(`{"Effect":"Allow","Principal":{"AWS":[%s]},"Action":"s3:*","Resource":"arn:aws:s3:::b/*"},`+
		`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotLike":{"aws:PrincipalArn":"arn:aws:iam::1111*:role/a"}}}`,
		strings.ReplaceAll(strings.Join(accounts, ","), "}", "")))
	return out
}

// BenchmarkHostile asks who gets in: with the budget of an admission request, and with that of a command.
func BenchmarkHostile(b *testing.B) {
	documents := hostile()
	for _, name := range slices.Sorted(maps.Keys(documents)) {
		doc := parse(b, documents[name])
		for _, budget := range []struct {
			name string
			most int
		}{{"admission", AdmissionBudget}, {"command", ample}} {
			b.Run(name+"/"+budget.name, func(b *testing.B) {
				b.ReportAllocs()
				var v Verdict
				for b.Loop() {
					v = Access(doc, Everyone, Steps(budget.most))
				}
				b.ReportMetric(float64(v.Answer), "answer")
			})
		}
	}
}
