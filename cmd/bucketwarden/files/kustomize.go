package files

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/bucketwarden/bucketwarden/cmd/bucketwarden/manifest"
	"github.com/bucketwarden/bucketwarden/webhook/inventory"
	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// kustomization is what is read of one: the patches.
//
// https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/
type kustomization struct {
	Patches               []kustomizePatch `json:"patches"`
	PatchesJSON6902       []kustomizePatch `json:"patchesJson6902"`
	PatchesStrategicMerge []string         `json:"patchesStrategicMerge"`
}

type kustomizePatch struct {
	Path  string `json:"path"`
	Patch string `json:"patch"`
}

// kustomizationNames are those that kustomize takes.
var kustomizationNames = []string{"kustomization.yaml", "kustomization.yml", "Kustomization"}

// mostAbove is how many folders above a file are looked into for what patches with it.
const mostAbove = 3

// overlays finds out which files are patches of kustomize.
type overlays struct {
	read map[string]kustomization // by folder
}

// of returns what the folder's kustomization says, nothing where there is none or it cannot be read, of which kustomize tells.
func (o overlays) of(folder string) kustomization {
	k, known := o.read[folder]
	if known {
		return k
	}
	for _, name := range kustomizationNames {
		path := filepath.Join(folder, name)
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() || info.Size() > manifest.MaxSize {
			continue
		}
		if text, err := os.ReadFile(path); err == nil {
			_ = yaml.Unmarshal(text, &k)
			break
		}
	}
	o.read[folder] = k
	return k
}

// patchedBy returns the folder whose kustomization patches with a file, "" for none.
func (o overlays) patchedBy(name string) string {
	path, err := filepath.Abs(name)
	if err != nil || name == manifest.Stdin {
		return ""
	}
	folder := filepath.Dir(path)
	for range mostAbove {
		k := o.of(folder)
		names := slices.Clone(k.PatchesStrategicMerge)
		for _, p := range slices.Concat(k.Patches, k.PatchesJSON6902) {
			names = append(names, p.Path)
		}
		if slices.ContainsFunc(names, func(n string) bool { return n != "" && filepath.Join(folder, n) == path }) {
			return folder
		}
		folder = filepath.Dir(folder)
	}
	return ""
}

// notePatches marks the objects that are only parts, which kustomize puts into others. What they leave out stands there, so that
// their settings cannot be judged, and they say nothing of other objects.
func (in *Inputs) notePatches() {
	o := overlays{map[string]kustomization{}}
	for _, f := range in.Files {
		folder := o.patchedBy(f.Name)
		parts := map[string][]*manifest.Item{} // by why they are
		for _, item := range f.Items {
			if item.Object == nil || item.Template {
				continue
			}
			why := "is a patch of kustomize"
			if folder == "" {
				why = partly(item)
			}
			if why != "" {
				item.Template, item.Filled.Part = true, true
				parts[why] = append(parts[why], item)
			}
		}
		for _, why := range slices.Sorted(maps.Keys(parts)) {
			f.Notes = append(f.Notes, fmt.Sprintf("%s: %s %s: its settings are not judged; %s", places(parts[why]),
				inventory.KeyOf(parts[why][0].Object), why, build(f.Name, folder)))
		}
		if patchesBuckets(f) {
			f.Notes = append(f.Notes, fmt.Sprintf("%s: a JSON patch is not judged; %s", f.Name, build(f.Name, folder)))
		}
	}
}

// build is how to see the whole.
func build(name, folder string) string {
	if folder == "" {
		folder = filepath.Dir(name)
	} else if here, err := filepath.Abs("."); err == nil {
		if short, err := filepath.Rel(here, folder); err == nil && !strings.HasPrefix(short, "..") {
			folder = short
		}
	}
	return "render it: kustomize build " + folder + " | bucketwarden review -"
}

// partly says why an object cannot be a whole one, "" where it can: what a kind requires is missing. A field that is filled in
// later is not.
func partly(item *manifest.Item) string {
	r, ok, err := source.Read(item.Object)
	if !ok || err != nil || item.Filled.Open || len(r.Source.Bucket) == 0 || r.Source.OnIdentity() || r.Source.OnAccessPoint() {
		return ""
	}
	meta, _ := item.Object["metadata"].(map[string]any)
	_, adopting := texts(meta["annotations"])["services.k8s.aws/adoption-policy"] // which fills in the spec
	switch {
	case directed(item.Object):
		return "has a $patch directive"
	case adopting:
	case r.Name == (source.BucketName{}) && r.Source.Kind != "Bucket", r.Source.Provider == source.ACK && r.Name.Literal == "":
		return "names no bucket, and may be a patch"
	case r.Source.Provider == source.Classic && r.Source.Kind == "Bucket" && r.Region.Value == "":
		return "lacks spec.forProvider.locationConstraint, and may be a patch"
	}
	return ""
}

// directed reports whether there is a directive of a strategic merge in an object, which no whole one has.
func directed(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		_, found := v["$patch"]
		for _, member := range v {
			found = found || directed(member)
		}
		return found
	case []any:
		return slices.ContainsFunc(v, directed)
	}
	return false
}

// patchesBuckets reports whether a file is a JSON patch (RFC 6902) of something that is judged.
func patchesBuckets(f *manifest.File) bool {
	return len(f.Items)+len(f.Configuration) == 0 && manifest.IsJSONPatch(f.Text)
}
