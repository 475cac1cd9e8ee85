package glob

import (
	"strings"
	"testing"
)

const (
	seedPattern = "arn:aws:s3:::example-logs/*/AWSLogs/123456789012/*.json.gz"
	seedValue   = "arn:aws:s3:::example-logs/prod/AWSLogs/123456789012/CloudTrail/eu-west-1/2024/05/01/x.json.gz"
)

func BenchmarkMatch(b *testing.B) {
	starry := strings.Repeat("a*", 60) + "b"
	cases := []struct{ name, pattern, s string }{
		{"equal", seedValue, seedValue},
		{"prefix", "arn:aws:s3:::example-logs/*", seedValue},
		{"seed", seedPattern, seedValue},
		{"question marks", "arn:aws:s3:::example-logs/*/????????????/*", seedValue},
		{"60 stars, no match", starry + "c", strings.Repeat("a", 20<<10) + "b"},
		{"60 stars, match", starry, strings.Repeat("a", 20<<10) + "b"},
		{"2 KB of literals between stars", "*" + strings.Repeat("a", 2<<10) + "b*", strings.Repeat("a", 20<<10)},
		{"2 KB of ? and literals, the worst", "*a?" + strings.Repeat("a", 2<<10) + "b*", strings.Repeat("a", 20<<10)},
		{"the same, each a ?", "*" + strings.Repeat("a?", 1<<10) + "b*", strings.Repeat("a", 20<<10)},
	}
	for _, c := range cases {
		p := Compile(c.pattern)
		b.Run(c.name+"/compiled", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Match(c.s)
			}
		})
		b.Run(c.name+"/text", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Match(c.pattern, c.s)
			}
		})
	}
}

func BenchmarkMatchFold(b *testing.B) {
	p := Compile("s3:Put*Acl")
	folded := p.Fold()
	b.Run("compiled", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p.MatchFold("s3:PutObjectVersionAcl")
		}
	})
	b.Run("folded", func(b *testing.B) {
		for b.Loop() {
			folded.Match("s3:putobjectversionacl")
		}
	})
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Compile(seedPattern)
	}
}

func BenchmarkPairs(b *testing.B) {
	long := strings.Repeat("ab*", 600)
	cases := []struct{ name, p, q string }{
		{"seed", "arn:aws:s3:::example-logs/*", seedPattern},
		{"equal", seedPattern, seedPattern},
		{"apart", "arn:aws:s3:::example-data/*", seedPattern},
		{"600 stars in each", strings.ReplaceAll(long, "b", "?"), long},
		{"10 KB of ? in each, the worst", "*" + strings.Repeat("a?", 5<<10) + "b*", strings.Repeat("a", 10<<10)},
	}
	for _, c := range cases {
		p, q := Compile(c.p), Compile(c.q)
		b.Run(c.name+"/Includes", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Includes(q)
			}
		})
		b.Run(c.name+"/Overlaps", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Overlaps(q)
			}
		})
		b.Run(c.name+"/Witness", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Witness(p, q)
			}
		})
	}
}

func BenchmarkARN(b *testing.B) {
	a, _ := CompileARN("arn:aws:iam::*:role/aws-reserved/*")
	b.ReportAllocs()
	for b.Loop() {
		a.Match("arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/Admin")
	}
}
