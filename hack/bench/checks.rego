package bucket

statements contains s if some s in input.Statement

statements contains input.Statement if is_object(input.Statement)

everybody(s) if s.Principal == "*"

everybody(s) if s.Principal.AWS == "*"

everybody(s) if "*" in s.Principal.AWS

public if {
	some s in statements
	s.Effect == "Allow"
	everybody(s)
	not s.Condition
}

actions(s) := {lower(a) | some a in s.Action} if is_array(s.Action)

actions(s) := {lower(s.Action)} if is_string(s.Action)

acl if {
	some s in statements
	s.Effect == "Allow"
	some a in actions(s)
	a in {"s3:putobjectacl", "s3:putobjectversionacl", "s3:putbucketacl"}
}
