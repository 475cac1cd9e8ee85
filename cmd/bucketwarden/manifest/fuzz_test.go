package manifest

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
	patcher "gopkg.in/evanphx/json-patch.v4"
	"k8s.io/apimachinery/pkg/util/json"

	"gomodules.xyz/jsonpatch/v2"
)

// FuzzParse holds that nothing makes Parse fail but by an error, and that a line is where it says.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"apiVersion: s3.services.k8s.aws/v1alpha1\nkind: Bucket\nspec: {policy: '{}'}\n",
		`{"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket"}`,
		"a: &a [*a]", "? a\n: - |1\n   b\n", "%YAML 1.1\n---\n...\n", "\ufeff'a''\n\nb'",
		"kind: List\nitems:\n- &a {apiVersion: s3.services.k8s.aws/v1alpha1, kind: Bucket}\n- <<: *a\n",
		"apiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nspec: {resources: [{base: {apiVersion: s3.aws.upbound.io/v1beta1, kind: BucketPolicy, spec: {forProvider: {policy: a}}}, patches: [{toFieldPath: 'spec.forProvider[\"policy\"]'}]}]}\n",
		"apiVersion: kro.run/v1alpha1\nkind: ResourceGraphDefinition\nspec: {resources: [{template: {apiVersion: s3.services.k8s.aws/v1alpha1, kind: Bucket, spec: {name: \"${a}\"}}}]}\n",
		"apiVersion: kubernetes.crossplane.io/v1alpha2\nkind: Object\nspec: {references: [{patchesFrom: {fieldPath: a}, toFieldPath: spec.policy}], forProvider: {manifest: {apiVersion: s3.services.k8s.aws/v1alpha1, kind: Bucket, spec: {policy: a}}}}\n",
		"apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {values: \"apiVersion: s3.services.k8s.aws/v1alpha1\\nkind: Bucket\\nspec: {name: {{ a }}}\\n\"}\n",
		"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  a: >-\n    {{ if b }}\n    apiVersion: s3.aws.upbound.io/v1beta1\n    kind: Bucket\n\n    ---\n    {{ end }}\n",
		"apiVersion: example.com/v1\nkind: X\nspec: {a: [{apiVersion: s3.aws.upbound.io/v1beta1, kind: BucketPolicy, spec: {forProvider: {policy: '{\"Statement\": [{\"Sid\": \"{{ a }}\"}]}'}}}]}\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Parse("kustomization.yaml", text)
		lines := len(newLines(text))
		var places Places
		for _, item := range file.Items {
			line, _ := places.Of(item, "spec.forProvider.policy", 1, 1)
			if item.Line < 1 || item.Line > lines || line < 1 || line > lines {
				t.Errorf("lines %d and %d of %d", item.Line, line, lines)
			}
		}
		if err == nil {
			if same, err := file.Apply(nil); err != nil || same != text {
				t.Errorf("nothing changed %q to %q, %v", text, same, err)
			}
		}
	})
}

// FuzzApply changes a string of an object in a file, and holds that it then is what a patch makes of the object.
func FuzzApply(f *testing.F) {
	values := []string{
		"{\n  \"Action\": [\n    \"a\",\n    \"b\"\n  ]\n}\n", `{"Action": ["a", "b"], "Sid": "it's \"é\" ` + "\U0001f600\"}",
		"a b\n\n c\n\n\nd  \ne", "  a\nb\n", " \n\n", "", "x: # y", "a\u0085b\u2028c", "\ta", "a\r\nb", "%a", "- b\n", "--- c\nd",
	}
	for _, value := range values {
		for style := range uint8(7) {
			f.Add(value, style, uint8(1), uint8(3), "")
			f.Add(value, style, uint8(3), uint8(9), "n\n  \"'")
		}
	}
	f.Fuzz(func(t *testing.T, value string, style, from, to uint8, insert string) {
		a, b := min(int(from), len(value)), min(int(to), len(value))
		changed := value[:min(a, b)] + insert + value[max(a, b):]
		if utf8.ValidString(value) && utf8.ValidString(changed) {
			checkApply(t, value, changed, style)
		}
	})
}

// TestApplyRandomly does the same with many cuts of documents as people write them.
func TestApplyRandomly(t *testing.T) {
	if testing.Short() {
		t.Skip("a sweep, which -short leaves out")
	}
	r := rand.New(rand.NewPCG(1, 2))
	parts := []string{"{", "}", "\n", "\n", "  ", " ", "\"s3:GetObject\"", ",", "é", "'", ":", "\n\n", "\t", "#", "\\n", "-"}
	for range 1000 {
		var b strings.Builder
		for range r.IntN(20) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		value := b.String()
		cuts := strings.Split(value, " ")
		if i := r.IntN(len(cuts)); i%2 == 0 {
			cuts[i] = ""
		}
		checkApply(t, value, strings.Join(cuts, " "), uint8(r.UintN(7)))
	}
}

func checkApply(t *testing.T, value, changed string, style uint8) {
	t.Helper()
	text := written(t, value, style)
	f, err := Parse("a", text)
	if err != nil || len(f.Items) != 2 || valueAt(f.Items[0].Object, "/spec/policy") != value {
		return // the encoder does not write what it reads
	}
	patch := []jsonpatch.Operation{
		jsonpatch.NewOperation("test", "/spec/policy", value), jsonpatch.NewOperation("replace", "/spec/policy", changed),
	}
	out, err := f.Apply([]Change{{Item: f.Items[0], Patch: patch}})
	if err != nil {
		if strings.Contains(text, "\n---") || strings.ContainsFunc(value+changed, unprintable) {
			return // YAML has no way to write it next to this
		}
		t.Fatalf("%q to %q in %q: %v", value, changed, text, err)
	}
	g, err := Parse("a", out)
	if err != nil || len(g.Items) != 2 {
		t.Fatalf("%q became %q: %v", text, out, err)
	}
	if want := patched(t, f.Items[0].Object, patch); !reflect.DeepEqual(g.Items[0].Object, want) {
		t.Errorf("%q became %q: %v, want %v", text, out, g.Items[0].Object, want)
	}
	if !reflect.DeepEqual(g.Items[1].Object, f.Items[1].Object) || !strings.HasSuffix(out, "# end\n") {
		t.Errorf("%q became %q", text, out)
	}
}

func unprintable(r rune) bool {
	return r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == 0x7f || r >= 0x80 && r < 0xa0 || r < ' ' && r != '\n' && r != '\t' || r > 0xfffd
}

// written returns a list of two buckets, the first with the policy in the style.
func written(t *testing.T, value string, style uint8) string {
	t.Helper()
	styles := []yaml.Style{
		0, yaml.DoubleQuotedStyle, yaml.SingleQuotedStyle, yaml.LiteralStyle, yaml.FoldedStyle,
	}
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value, Style: styles[int(style)%len(styles)]}
	policy, err := yaml.Marshal(map[string]any{"items": []any{map[string]any{
		"apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "spec": map[string]any{"policy": node, "zone": 1},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	const rest = "    # next\n    - {apiVersion: s3.services.k8s.aws/v1alpha1, kind: Bucket, spec: {policy: ''}} # end\n"
	return "kind: List\n" + string(policy) + rest
}

func patched(t *testing.T, object map[string]any, patch []jsonpatch.Operation) any {
	t.Helper()
	before, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	operations, err := json.Marshal(patch)
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := patcher.DecodePatch(operations)
	if err != nil {
		t.Fatal(err)
	}
	after, err := decoded.Apply(before)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(after, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
