package glob

import "testing"

func TestCompileARN(t *testing.T) {
	cases := []struct {
		pattern string
		want    bool
	}{
		{"arn:aws:s3:::b", true},
		{"arn:*:*:*:*:*", true},
		{"*:*:*:*:*:*", true},
		{"ar?:aws:sns:us-east-1:123456789012:topic:with:colons", true},
		{":::::", false},
		{"urn:aws:s3:::b", false},
		{"*", false},
		{"arn:*", false},
		{"arn:aws:s3:*", false},
		{"", false},
	}
	for _, c := range cases {
		a, ok := CompileARN(c.pattern)
		if ok != c.want || ok == (a == ARN{}) {
			t.Errorf("CompileARN(%q) = %v, %v, want %v", c.pattern, a, ok, c.want)
		}
	}
}

func TestARNMatch(t *testing.T) {
	const topic = "arn:aws:sns:eu-west-1:123456789012:topic"
	cases := []struct {
		pattern, value string
		want           bool
	}{
		{topic, topic, true},
		{"arn:aws:sns:*:123456789012:t*", topic, true},
		{"arn:aws:sns:*:topic", topic, false},
		{"arn:aws:sns:*:*:topic", "arn:aws:sns:eu-west-1:1:x:topic", false},
		{"arn:aws:sns:eu-west-1?123456789012:*:*", topic, false},
		{"arn:aws:sns:eu-west-1:*:x:topic", "arn:aws:sns:eu-west-1:1:x:topic", true},
		{"arn:aws:sns:eu-west-1:1:*", "arn:aws:sns:eu-west-1:1:x:topic", true},
		{"arn:*:*:*:*:*", "arn:aws:s3:::b", true},
		{"arn:*:*:*:*:*", "arn:::::", true},
		{"arn:*:*:*:*:*", "arn::::", false},
		{"*:*:*:*:*:*", topic, true},
		{"*:*:*:*:*:*", "urn:aws:s3:::b", false},
		{"*:*:*:*:*:*", "AROAEXAMPLE:session", false},
		{"arn:aws:iam::1:role/R", "arn:aws:iam::1:role/r", false},
		{"*", topic, false},
		{"", ":::::", false},
	}
	for _, c := range cases {
		a, _ := CompileARN(c.pattern)
		if got := a.Match(c.value); got != c.want {
			t.Errorf("CompileARN(%q).Match(%q) = %v, want %v", c.pattern, c.value, got, c.want)
		}
	}
}

func TestARNOf(t *testing.T) {
	a, ok := ARNOf(Concat(Compile("arn:aws:iam::*:role/"), Literal("*:x"), Compile("?")))
	if !ok {
		t.Fatal("not an ARN")
	}
	want := []string{"arn", "aws", "iam", "", "*", "role/${*}:x?"}
	for i, p := range a.Components() {
		if got := p.Text(); got != want[i] {
			t.Errorf("component %d is %q, want %q", i, got, want[i])
		}
	}
	if !a.Match("arn:aws:iam::1:role/*:x1") || a.Match("arn:aws:iam::1:role/y:x1") {
		t.Error("a literal * acts as a wildcard")
	}
}

func TestARNPairs(t *testing.T) {
	cases := []struct {
		p, q               string
		includes, overlaps bool
	}{
		{"arn:aws:s3:::*", "arn:aws:s3:::b", true, true},
		{"arn:aws:s3:::b", "arn:aws:s3:::*", false, true},
		{"arn:*:s3:::b*", "arn:aws:s3:::*c", false, true},
		{"ar*:aws:s3:::b", "a*n:aws:s3:::b", true, true},
		{"arn:aws:s3:::b", "arn:aws:s3::*:c", false, false},
		{"arn:aws:*:::b", "arn:aws:s3:x:*:b", false, false},
		{"*", "arn:aws:s3:::b", false, false},
		{"arn:aws:s3:::b", "*", true, false},
		{"*", "*", true, false},
	}
	for _, c := range cases {
		p, _ := CompileARN(c.p)
		q, _ := CompileARN(c.q)
		if got := p.Includes(q); got != c.includes {
			t.Errorf("%q.Includes(%q) = %v, want %v", c.p, c.q, got, c.includes)
		}
		if got := p.Overlaps(q); got != c.overlaps {
			t.Errorf("%q.Overlaps(%q) = %v, want %v", c.p, c.q, got, c.overlaps)
		}
		if got := q.Overlaps(p); got != c.overlaps {
			t.Errorf("%q.Overlaps(%q) = %v, want %v", c.q, c.p, got, c.overlaps)
		}
	}
}
