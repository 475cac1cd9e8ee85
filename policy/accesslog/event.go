package accesslog

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// event is what is read of a CloudTrail record. The parameters are what the caller sent, of any type.
type event struct {
	Source     string                    `json:"eventSource"`
	Name       string                    `json:"eventName"`
	Time       time.Time                 `json:"eventTime"`
	Error      string                    `json:"errorCode"`
	ReadOnly   *bool                     `json:"readOnly"`
	Category   string                    `json:"eventCategory"`
	Management *bool                     `json:"managementEvent"`
	Identity   identity                  `json:"userIdentity"`
	Parameters map[string]jsontext.Value `json:"requestParameters"`
	More       struct {
		ACLRequired string `json:"aclRequired"`
	} `json:"additionalEventData"`
}

// identity is who called.
//
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
type identity struct {
	Type      string `json:"type"`
	ARN       string `json:"arn"`
	AccountID string `json:"accountId"`
	Principal string `json:"principalId"`
	InvokedBy string `json:"invokedBy"`
	Session   struct {
		Issuer struct {
			Type string `json:"type"`
			ARN  string `json:"arn"`
		} `json:"sessionIssuer"`
	} `json:"sessionContext"`
}

// caller is who called, in the form of a Record. A session's issuer has the role's path, which its own ARN lacks.
func (i identity) caller() string {
	switch {
	case i.Session.Issuer.Type == "Role" && i.Session.Issuer.ARN != "":
		return i.Session.Issuer.ARN
	case i.ARN != "":
		return i.ARN
	case i.Type == "AWSService" && i.InvokedBy != "":
		return i.InvokedBy
	case strings.EqualFold(i.AccountID, "anonymous"), strings.EqualFold(i.Principal, "anonymous"):
		return string(anonymous)
	case i.AccountID != "":
		return i.AccountID
	}
	return i.Principal
}

func (e *event) flags() Flags {
	flags := FromTrail
	if e.More.ACLRequired == "Yes" {
		flags |= NeededACL
	}
	if refusals[e.Error] {
		flags |= Refused
	}
	if e.Error == "NoSuchKey" || e.Error == "NotFound" {
		flags |= NotFound
	}
	if e.parameter("versionId") != "" {
		flags |= OfVersion
	}
	for name := range e.Parameters {
		if name := strings.ToLower(name); name == "x-amz-acl" || strings.HasPrefix(name, "x-amz-grant-") {
			flags |= SetsACL
		}
	}
	return flags
}

// kind is what a trail has to log for such a record to be in it.
func (e *event) kind() Kinds {
	data := e.Category == "Data" || e.Management != nil && !*e.Management
	reads := e.ReadOnly != nil && *e.ReadOnly
	switch {
	case data && reads:
		return ObjectReads
	case data:
		return ObjectWrites
	case reads:
		return BucketReads
	}
	return BucketWrites
}

// parameter is a parameter of the request; CloudTrail writes some as a list of one.
func (e *event) parameter(name string) string {
	value := e.Parameters[name]
	if value.Kind() == '[' {
		var list []jsontext.Value
		if json.Unmarshal(value, &list) != nil || len(list) != 1 {
			return ""
		}
		value = list[0]
	}
	if value.Kind() != '"' {
		return ""
	}
	text, _ := jsontext.AppendUnquote(nil, value)
	return string(text)
}

// describe puts a JSON error into words about the record.
func describe(err error) error {
	var syntax *jsontext.SyntacticError
	var meaning *json.SemanticError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON at byte %d of the record: %w", syntax.ByteOffset, syntax.Err)
	case errors.As(err, &meaning):
		return fmt.Errorf("%s is not of type %s", bytes.TrimPrefix([]byte(meaning.JSONPointer), []byte("/")), meaning.GoType)
	}
	return err
}
