package catalog

import (
	"strings"
	"testing"
)

func TestLookupService(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"cloudtrail.amazonaws.com", "cloudtrail.amazonaws.com"},
		{"config.amazonaws.com", "config.amazonaws.com"},
		{"delivery.logs.amazonaws.com", "delivery.logs.amazonaws.com"},
		{"logdelivery.elasticloadbalancing.amazonaws.com", "logdelivery.elasticloadbalancing.amazonaws.com"},
		{"logging.s3.amazonaws.com", "logging.s3.amazonaws.com"},
		{"s3.us-east-1.amazonaws.com", "s3.amazonaws.com us-east-1"},
		{"logs.eu-west-1.amazonaws.com", "logs.amazonaws.com eu-west-1"},
		{"logs.us-gov-west-1.amazonaws.com", "logs.amazonaws.com us-gov-west-1"},
		{"redshift.eusc-de-east-1.amazonaws.com", "redshift.amazonaws.com eusc-de-east-1"},
		{"logs.cn-north-1.amazonaws.com.cn", "logs.amazonaws.com cn-north-1"},
		{"s3.amazonaws.com.cn", "s3.amazonaws.com"},
		{"", "unknown"},
		{".amazonaws.com", "unknown"},
		{"amazonaws.com", "unknown"},
		{"s3", "unknown"},
		{"s3.amazonaws.com.cn.cn", "unknown"},
		{"s3.amazonaws.com.", "unknown"},
		{"S3.amazonaws.com", "unknown"},
		{"s3.us-east.amazonaws.com", "unknown"},
		{"s3.us-east-10.amazonaws.com", "unknown"},
		{"s3.us-east-0.amazonaws.com", "unknown"},
		{"s3.us--1.amazonaws.com", "unknown"},
		{"s3.u5-east-1.amazonaws.com", "unknown"},
		{"s3.a-b-c-d-1.amazonaws.com", "unknown"},
		{"us-east-1.amazonaws.com", "unknown"},
		{"lambda.amazonaws.com", "unknown"},
		{"*.amazonaws.com", "unknown"},
	} {
		got := "unknown"
		if s, ok := LookupService(tt.in); ok {
			got = strings.TrimSpace(s.Principal + " " + s.Region)
		}
		if got != tt.want {
			t.Errorf("%q: %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestServiceTable(t *testing.T) {
	last := ""
	for _, row := range serviceTable {
		if row.name <= last {
			t.Errorf("%s is out of order", row.name)
		}
		last = row.name
		s, ok := LookupService(row.name + ".amazonaws.com")
		if !ok || s.Purpose == "" || !strings.HasPrefix(s.Source, "https://docs.aws.amazon.com/") || !strings.HasSuffix(s.Source, ".html") {
			t.Errorf("%s: %v %+v", row.name, ok, s)
		}
	}
}

func TestRoleServiceTable(t *testing.T) {
	last := ""
	for _, row := range roleServiceTable {
		if row.name <= last {
			t.Errorf("%s is out of order", row.name)
		}
		last = row.name
		s, ok := LookupRoleService(row.name + ".amazonaws.com")
		if !ok || s.Callers == "" || !strings.Contains(s.Role, "role") || !strings.HasPrefix(s.Source, "https://docs.aws.amazon.com/") ||
			!strings.HasSuffix(s.Source, ".html") {
			t.Errorf("%s: %v %+v", row.name, ok, s)
		}
		if _, both := LookupService(row.name + ".amazonaws.com"); both {
			t.Errorf("%s calls as itself too", row.name)
		}
	}
	for _, principal := range []string{"lambda", "LAMBDA.amazonaws.com", "logs.amazonaws.com", "lambda.amazonaws.com.example", ""} {
		if s, ok := LookupRoleService(principal); ok {
			t.Errorf("%q is %+v", principal, s)
		}
	}
}
