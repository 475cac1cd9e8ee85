package iam

import "testing"

func TestNewDocument(t *testing.T) {
	for _, tt := range []struct {
		in   []any
		want string
	}{
		{nil, `{"Statement":[],"Version":"2012-10-17"}`},
		{[]any{map[string]any{"Effect": Allow, "Action": []string{"s3:*"}}},
			`{"Statement":[{"Action":["s3:*"],"Effect":"Allow"}],"Version":"2012-10-17"}`},
	} {
		if got := NewDocument(tt.in...).Text(); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.in, got, tt.want)
		}
	}
	for _, bad := range []any{func() {}, map[string]any{"Unknown": 1}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%v makes a document", bad)
				}
			}()
			NewDocument(bad)
		}()
	}
}
