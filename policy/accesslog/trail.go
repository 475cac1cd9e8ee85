package accesslog

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
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

// readTrail reads CloudTrail records.
func readTrail(in *bufio.Reader, to Sink) error {
	records := splitter{in: in, line: 1}
	var rec Record
	for {
		line, text, err := records.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errLong), errors.Is(err, errDeep), errors.Is(err, errOutside), errors.Is(err, errCut):
			to.Malformed(line, err)
			continue
		case err != nil:
			return err
		}
		switch about, err := rec.parseEvent(text); {
		case err != nil:
			to.Malformed(line, err)
		case !about:
			to.PassedOver()
		default:
			to.Record(&rec)
		}
	}
}

// parseEvent reads a CloudTrail record, and tells whether it is of a request about a bucket.
func (r *Record) parseEvent(text []byte) (about bool, err error) {
	var e event
	if err := json.Unmarshal(text, &e, jsontext.AllowInvalidUTF8(true)); err != nil {
		return false, describe(err)
	}
	bucket, key := e.parameter("bucketName"), e.parameter("key")
	if strings.TrimSuffix(e.Source, ".cn") != "s3.amazonaws.com" || bucket == "" {
		return false, nil
	}
	who := e.Identity.caller()
	switch {
	case e.Name == "" || e.Time.IsZero() || who == "":
		return false, errors.New("eventName, eventTime or userIdentity is missing")
	case len(bucket) > maxName || len(e.Name) > maxName || len(key) > maxKey || len(who) > maxCaller:
		return false, errors.New("a name is longer than S3 allows")
	}
	r.Time, r.Bucket, r.Operation, r.Key = e.Time.Unix(), []byte(bucket), []byte(e.Name), nil
	if key != "" {
		r.Key = []byte(key)
	}
	r.setCaller([]byte(who))
	r.Flags, r.Kinds = e.flags(), e.kind()
	r.setSource(e.parameter("x-amz-copy-source"))
	return true, nil
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

// setSource takes what a copy was made from: bucket/key, encoded, perhaps with a version.
func (r *Record) setSource(source string) {
	r.SourceBucket, r.SourceKey = nil, nil
	source, _, _ = strings.Cut(source, "?versionId=")
	if decoded, err := url.PathUnescape(source); err == nil {
		source = decoded
	}
	bucket, key, ok := strings.Cut(strings.TrimPrefix(source, "/"), "/")
	if ok && bucket != "" && key != "" && len(bucket) <= maxName && len(key) <= maxKey {
		r.SourceBucket, r.SourceKey = []byte(bucket), []byte(key)
	}
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
