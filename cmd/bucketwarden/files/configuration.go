package files

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/bucketwarden/bucketwarden/api/v1alpha1"
	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/cmd/program"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// configure takes over the Rulesets, Exemptions, Namespaces and ProviderConfigs of a file. The error names the first that is wrong.
func (in *Inputs) configure(f *manifest.File) error {
	for _, item := range f.Configuration {
		if err := in.configureBy(item.Object); err != nil {
			return &manifest.Error{File: f.Name, Line: item.Line, Reason: err.Error()}
		}
	}
	return nil
}

func (in *Inputs) configureBy(object map[string]any) error {
	kind, _ := object["kind"].(string)
	version, _ := object["apiVersion"].(string)
	meta, _ := object["metadata"].(map[string]any)
	if kind == "Namespace" {
		name, _ := meta["name"].(string)
		in.index.SetNamespace(name, texts(meta["labels"]), texts(meta["annotations"]))
		return nil
	}
	if _, ok := source.LookupConfig(inventory.KeyOf(object).GroupKind); ok {
		in.index.Set(object)
		return nil
	}
	if source.Roles(object) != nil {
		in.index.SetRoles(object)
		return nil
	}
	if version != v1alpha1.GroupVersion.String() {
		return fmt.Errorf("apiVersion %q is not %s", version, v1alpha1.GroupVersion)
	}
	switch kind {
	case "Ruleset":
		var r v1alpha1.Ruleset
		if err := decodeStrictly(object, &r); err != nil {
			return err
		}
		return in.settings.PutRuleset(&r)
	case "Exemption":
		var e v1alpha1.Exemption
		if err := decodeStrictly(object, &e); err != nil {
			return err
		}
		return in.settings.PutExemption(&e)
	}
	if texts(meta["annotations"])["config.kubernetes.io/function"] != "" {
		return nil // it has kustomize run this program
	}
	return fmt.Errorf("kind %q must be Ruleset or Exemption", kind)
}

// decodeStrictly refuses fields that nobody reads, and values of other types, as the API server does.
func decodeStrictly(object map[string]any, into any) error {
	raw, err := json.Marshal(object)
	if err != nil {
		return err
	}
	return program.DecodeJSON(raw, into)
}

// ConfigureFrom reads the files of --ruleset.
func (in *Inputs) ConfigureFrom(names []string) error {
	for _, name := range names {
		f, err := manifest.Open(name, nil)
		if err == nil && len(f.Configuration) == 0 {
			err = &manifest.Error{File: name, Reason: "contains no Ruleset, Exemption or Namespace"}
		}
		if err == nil {
			err = in.configure(f)
		}
		if err != nil {
			return fmt.Errorf("--ruleset %w", err)
		}
	}
	return nil
}

// NoteExemptions says which Exemptions have expired, and which accept nothing in what has been judged.
func (in *Inputs) NoteExemptions(now time.Time) {
	for _, e := range in.settings.Set().Exemptions() {
		switch {
		case !e.Until.IsZero() && !now.Before(e.Until):
			in.Notes = append(in.Notes, fmt.Sprintf("Exemption %s expired at %s", e.Name, e.Until.UTC().Format(time.RFC3339)))
		case !in.used[e.Name]:
			in.Notes = append(in.Notes, fmt.Sprintf("Exemption %s accepts nothing here", e.Name))
		}
	}
}

// texts reads labels or annotations. What is no text the API server refuses.
func texts(v any) map[string]string {
	raw, _ := v.(map[string]any)
	out := map[string]string{}
	for k, v := range raw {
		out[k] = fmt.Sprint(v)
	}
	return out
}
