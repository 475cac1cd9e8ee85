package authz

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestContextReadsJSON(t *testing.T) {
	tests := []struct {
		in   string
		want Context
	}{
		{`{}`, Context{}},
		{`{"a":"x"}`, Context{"a": {"x"}}},
		{`{"a":["x","y"],"b":["z"]}`, Context{"a": {"x", "y"}, "b": {"z"}}},
		{`{"a":[]}`, Context{"a": {}}},
		{` { "a" : 5.50 , "b" : true , "c" : [ 1e3 , false ] } `, Context{"a": {"5.50"}, "b": {"true"}, "c": {"1e3", "false"}}},
		{`{"a":"\u00e9\n"}`, Context{"a": {"é\n"}}},
	}
	for _, tt := range tests {
		var got Context
		if err := json.Unmarshal([]byte(tt.in), &got); err != nil {
			t.Errorf("%s: %v", tt.in, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.in, diff)
		}
	}
}

func TestContextRefuses(t *testing.T) {
	tests := []struct{ in, want string }{
		{`[]`, `the context is not an object: []`},
		{`null`, `the context is not an object: null`},
		{``, `EOF`},
		{`{`, `EOF`},
		{`{"a"`, `context key "a": EOF`},
		{`{"a":`, `context key "a": EOF`},
		{`{"a":[`, `context key "a": EOF`},
		{`{"a":["x"`, `context key "a": EOF`},
		{`{"a":"x"`, `EOF`},
		{`{"a":"x"} {}`, `text after the end of the context`},
		{`{"a":"x","a":"x"}`, `context key "a" is given twice, first as "a"`},
		{`{"aws:SourceIp":"x","AWS:sourceip":"x"}`, `context key "AWS:sourceip" is given twice, first as "aws:SourceIp"`},
		{`{"a":null}`, `context key "a": null is not a value; leave the key out if the request does not have it`},
		{`{"a":{"b":1}}`, `context key "a": { stands where a string, a number or a boolean belongs`},
		{`{"a":["x",["y"]]}`, `context key "a": [ stands where a string, a number or a boolean belongs`},
		{`{"a":["x",}`, `context key "a": invalid character '}' looking for beginning of value`},
		{`{1:2}`, `invalid character '1'`},
	}
	for _, tt := range tests {
		var got Context
		err := got.UnmarshalJSON([]byte(tt.in))
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s\n got %v\nwant %s", tt.in, err, tt.want)
		}
	}
}

func TestRequestRoundTrips(t *testing.T) {
	tests := []struct {
		in   Request
		want string
	}{
		{
			Request{Principal: Anonymous, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/<k>"},
			`{"principal":"anonymous","action":"s3:GetObject","resource":"arn:aws:s3:::b/\u003ck\u003e","context":{}}`,
		},
		{
			Request{Principal: Anonymous, Action: "a:b", Resource: "r", Account: "111122223333", Context: Context{
				"b": {"x"}, "a": {"x", "y"}, "c": {}, "d": nil,
			}},
			`{"principal":"anonymous","action":"a:b","resource":"r","account":"111122223333","context":{"a":["x","y"],"b":"x","c":[],"d":[]}}`,
		},
	}
	for _, tt := range tests {
		text, err := json.Marshal(tt.in)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, string(text)); diff != "" {
			t.Error(diff)
		}
		var back Request
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(back)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(text), string(again)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestContextLookup(t *testing.T) {
	c := Context{"aws:SourceIp": {"1"}, "AWS:SOURCEIP": {"2"}, "b": {"3"}}
	tests := map[string]string{"aws:SourceIp": "1", "aws:sourceip": "2", "B": "3", "nobody": ""}
	for range 20 { // maps have no order
		if got, _ := c.Lookup("aws:sourceip"); got[0] != "2" {
			t.Fatalf("got %v", got)
		}
	}
	for key, want := range tests {
		got, ok := c.Lookup(key)
		if ok != (want != "") || ok && got[0] != want {
			t.Errorf("%s: got %v, %v", key, got, ok)
		}
	}
}

func TestRequestString(t *testing.T) {
	tests := []struct {
		in   Request
		want string
	}{
		{Request{Principal: Anonymous, Action: "s3:GetObject", Resource: "arn:aws:s3:::logs/k"}, "anonymous s3:GetObject on arn:aws:s3:::logs/k"},
		{Request{Principal: "logging.s3.amazonaws.com", Action: "s3:PutObject", Resource: "arn:aws:s3:::logs/k", Context: Context{
			"s3:x-amz-acl": {"private"}, "aws:TagKeys": {"a", "b"},
		}}, "logging.s3.amazonaws.com s3:PutObject on arn:aws:s3:::logs/k with aws:TagKeys=a|b, s3:x-amz-acl=private"},
	}
	for _, tt := range tests {
		if got := tt.in.String(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestRequestValidate(t *testing.T) {
	ok := Request{Principal: Anonymous, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Account: "111122223333"}
	tests := []struct {
		change func(*Request)
		want   string
	}{
		{func(*Request) {}, ""},
		{func(r *Request) { r.Principal = "" }, "principal is missing"},
		{func(r *Request) { r.Action = "" }, "action is missing"},
		{func(r *Request) { r.Action = "s3:Get*" }, `action "s3:Get*" is not a single action; write one such as s3:GetObject`},
		{func(r *Request) { r.Action = "GetObject" }, `action "GetObject" is not a single action; write one such as s3:GetObject`},
		{func(r *Request) { r.Resource = "" }, "resource is missing"},
		{func(r *Request) { r.Account = "1111222233334" }, `account "1111222233334" is not 12 digits`},
		{func(r *Request) { r.Account = "11112222333x" }, `account "11112222333x" is not 12 digits`},
	}
	for _, tt := range tests {
		r := ok
		tt.change(&r)
		got := ""
		if err := r.Validate(); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestRequestPrincipals(t *testing.T) {
	tests := map[string]bool{
		"anonymous":                                                         true,
		"cloudtrail.amazonaws.com":                                          true,
		"logging.s3.amazonaws.com":                                          true,
		"ec2.amazonaws.com.cn":                                              true,
		"arn:aws:iam::111122223333:root":                                    true,
		"arn:aws:iam::111122223333:user/u":                                  true,
		"arn:aws-us-gov:iam::111122223333:user/a/b/u":                       true,
		"arn:aws:iam::111122223333:role/r":                                  true,
		"arn:aws:sts::111122223333:assumed-role/r/s":                        true,
		"arn:aws:sts::111122223333:federated-user/f":                        true,
		"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1": true,

		"*":                                            false,
		"Anonymous":                                    false,
		".amazonaws.com":                               false,
		"CloudTrail.amazonaws.com":                     false,
		"graph.facebook.com":                           false,
		"111122223333":                                 false,
		"arn:aws:iam::111122223333:root/x":             false,
		"arn:aws:iam::1111:root":                       false,
		"arn:aws:iam::111122223333:user/":              false,
		"arn:aws:iam::111122223333:user/*":             false,
		"arn:aws:iam::111122223333:group/g":            false,
		"arn:aws:iam:r:111122223333:user/u":            false,
		"arn:aws:iam::111122223333":                    false,
		"arn::iam::111122223333:user/u":                false,
		"arn:aws:sts::111122223333:role/r":             false,
		"arn:aws:sts::111122223333:assumed-role/r":     false,
		"arn:aws:sts::111122223333:assumed-role/p/r/s": false,
		"arn:aws:iam::111122223333:saml-provider/idp":  false,
		"arn:aws:sts::111122223333:assumed-role//s":    false,
		"arn:aws:s3:::b":                               false,
	}
	for principal, want := range tests {
		r := Request{Principal: principal, Action: "s3:GetObject", Resource: "*"}
		if err := r.Validate(); (err == nil) != want {
			t.Errorf("%s: %v", principal, err)
		}
	}
}
