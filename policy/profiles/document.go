package profiles

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

// secure denies plain HTTP, which no workload needs.
const secure = `{
  "Sid": "DenyPlainHTTP",
  "Effect": "Deny",
  "Principal": "*",
  "Action": "s3:*",
  "Resource": ["{{.arn}}", "{{.arn}}/*"],
  "Condition": {"Bool": {"aws:SecureTransport": "false"}}
}
`

var secured = must(parseTemplate(secure))

func must(t template, err error) template {
	if err != nil { // the program's own
		panic(err)
	}
	return t
}

// Bucket returns the bucket policy: what the workload needs, and no plain HTTP. Errors begin with the name of a parameter.
func (p *Profile) Bucket(v Values) (*iam.Document, error) {
	return p.document(v, true, secured, p.bucket)
}

// Grants returns the same without what it denies. A profile that works by ACLs alone grants nothing.
func (p *Profile) Grants(v Values) (*iam.Document, error) {
	return p.document(v, true, p.bucket)
}

// Identity returns the policy of whoever calls. Services call as themselves, and have none: then the error says so.
func (p *Profile) Identity(v Values) (*iam.Document, error) {
	if p.identity == nil {
		return nil, fmt.Errorf("identity: profile %s is for a service, which needs no identity policy", p.Name)
	}
	return p.document(v, false, p.bucket, p.identity)
}

// document makes one of templates. Those of a bucket say who calls.
func (p *Profile) document(v Values, who bool, parts ...template) (*iam.Document, error) {
	if err := p.check(v); err != nil {
		return nil, err
	}
	values := derive(v)
	if !who {
		values["who"] = ""
	}
	return render(values, parts...)
}

// render fills in templates, and makes a document of the statements that come of them, one after the other.
func render(values map[string]string, parts ...template) (*iam.Document, error) {
	var text strings.Builder
	for _, t := range parts {
		t.fill(&text, values)
	}
	doc := struct {
		Version   string
		Statement []json.RawMessage
	}{iam.Version2012, []json.RawMessage{}}
	for d := json.NewDecoder(strings.NewReader(text.String())); ; {
		var s json.RawMessage
		err := d.Decode(&s)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		doc.Statement = append(doc.Statement, s)
	}
	out, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return nil, err
	}
	return iam.Parse(string(out) + "\n")
}
