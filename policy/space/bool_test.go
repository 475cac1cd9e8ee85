package space

import "testing"

// S3 says true or false, however a condition compares it, and whatever other statements compare it with.
func TestBoolKeys(t *testing.T) {
	const plain = `"Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"`
	statement := func(effect, condition string) string {
		return `{"Effect": "` + effect + `", ` + plain + `, "Condition": {` + condition + `}}`
	}
	denied := statement("Deny", `"Bool": {"aws:SecureTransport": "true"}`) + "," + statement("Deny", `"Bool": {"aws:SecureTransport": "false"}`)
	for _, tt := range []struct {
		name, statements string
		want             Answer
	}{
		{"both denied", `{"Effect": "Allow", ` + plain + `},` + denied, None},
		{"beside a text", statement("Allow", `"StringNotEquals": {"aws:SecureTransport": "x"}`) + "," + denied, None},
		{"another text", statement("Allow", `"StringEquals": {"aws:SecureTransport": "x"}`), None},
		{"another case", statement("Allow", `"StringEquals": {"aws:SecureTransport": "True"}`), None},
		{"any case", statement("Allow", `"StringEqualsIgnoreCase": {"aws:SecureTransport": "TRUE"}`), Found},
		{"any case, and denied", statement("Allow", `"StringEqualsIgnoreCase": {"aws:SecureTransport": "TRUE"}`) + "," +
			statement("Deny", `"Bool": {"aws:SecureTransport": "true"}`), None},
		{"a pattern", statement("Allow", `"StringLike": {"aws:SecureTransport": "t*"}`) + "," +
			statement("Deny", `"Bool": {"aws:SecureTransport": "true"}`), None},
		{"a pattern beside it", statement("Allow", `"StringNotLike": {"aws:SecureTransport": "t*"}`) + "," +
			statement("Deny", `"Bool": {"aws:SecureTransport": "true"}`), Found},
		{"a tag has any value", statement("Allow", `"StringEqualsIgnoreCase": {"aws:PrincipalTag/a": "TRUE"}`) + "," +
			statement("Deny", `"Bool": {"aws:PrincipalTag/a": "true"}`) + "," +
			statement("Deny", `"StringEquals": {"aws:PrincipalTag/a": "TRUE"}`), Undecided},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc := parse(t, `{"Version": "2012-10-17", "Statement": [`+tt.statements+`]}`)
			if v := Access(doc, Everyone, Steps(AdmissionBudget)); v.Answer != tt.want {
				t.Errorf("%v %v %s, want %v", v.Answer, v.Witness, v.Reason, tt.want)
			}
		})
	}
}
