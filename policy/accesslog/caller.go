package accesslog

import "bytes"

var anonymous = []byte("anonymous")

// setCaller makes the caller of an ARN or id. All sessions of a role are the role, whose path a session's ARN leaves out.
func (r *Record) setCaller(who []byte) {
	r.Caller = who
	before, after, ok := bytes.Cut(who, []byte(":assumed-role/"))
	if !ok {
		return
	}
	partition, account, ok := bytes.Cut(before, []byte(":sts:"))
	role, session, named := bytes.Cut(after, []byte("/"))
	if !ok || !named || len(session) == 0 {
		return
	}
	r.buf = append(append(append(r.buf[:0], partition...), ":iam:"...), account...)
	r.buf = append(append(r.buf, ":role/"...), role...)
	r.Caller = r.buf
}

// refusals are the error codes of requests that were not let in.
var refusals = map[string]bool{
	"AccessDenied": true, "AllAccessDisabled": true, "AccountProblem": true, "InvalidAccessKeyId": true,
	"SignatureDoesNotMatch": true, "ExpiredToken": true, "InvalidToken": true, "RequestTimeTooSkewed": true,
}
