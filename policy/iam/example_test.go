package iam_test

import (
	"fmt"

	"github.com/bucketwarden/bucketwarden/policy/iam"
)

func ExampleParse() {
	d, err := iam.Parse(`{
  "Version": "2012-10-17",
  "Statement": {"Effect": "Deny", "Principal": "*", "Action": ["s3:PutObject", "s3:PutObjectAcl"]}
}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, action := range d.Statements[0].Action {
		line, column := d.Position(action.Start)
		fmt.Printf("%d:%d: %s: %s\n", line, column, action.Path(), action.Text)
	}
	// Output:
	// 3:64: Statement[0].Action[0]: s3:PutObject
	// 3:80: Statement[0].Action[1]: s3:PutObjectAcl
}

func ExampleParse_error() {
	_, err := iam.Parse(`{
  "Statement": [{
    "Effect": "Deny",
    "effect": "Allow"
  }]
}`)
	fmt.Println(err)
	// Output:
	// line 4, column 5: Statement[0].effect: "effect" repeats "Effect" with other capitals
}

func ExampleDocument_Apply() {
	d, err := iam.Parse(`{
  "Statement": [
    {"Sid": "Write", "Action": ["s3:PutObject", "s3:PutObjectAcl"]},
    {"Sid": "Read", "Action": "s3:GetObject"}
  ]
}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := d.Apply([]iam.Edit{
		{At: "Statement[0].Action[1]"},
		{At: "Statement[1].Action", New: iam.NewString("s3:GetObjectVersion")},
		{At: "Statement[1].Effect", New: iam.NewString("Allow")},
	})
	fmt.Println(text, err)
	// Output:
	// {
	//   "Statement": [
	//     {"Sid": "Write", "Action": ["s3:PutObject"]},
	//     {"Sid": "Read", "Action": "s3:GetObjectVersion", "Effect": "Allow"}
	//   ]
	// } <nil>
}
