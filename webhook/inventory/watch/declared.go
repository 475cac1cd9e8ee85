package watch

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"github.com/bucketwarden/bucketwarden/webhook/source"
)

// mostDeclared is how many changed declarations wait for the Watcher before Declare does.
const mostDeclared = 2 * source.MostDeclared

// Declare has the kinds read and watched that are declared, and no others that were declared before: objects of these are
// forgotten.
func (w *Watcher) Declare(all []source.Declaration) {
	before := source.Declared()
	source.Declare(all)
	now := source.Declared()
	for _, d := range slices.Concat(before, now) {
		if slices.Contains(before, d) && slices.Contains(now, d) {
			continue
		}
		crd := &metav1.PartialObjectMetadata{}
		crd.SetName(d.CRD())
		w.changed <- event.TypedGenericEvent[*metav1.PartialObjectMetadata]{Object: crd}
	}
}

// kindOf returns the kind that a CRD is for, and its declaration where somebody has declared it.
func (w *Watcher) kindOf(crd string) (Kind, source.Declaration, bool) {
	if kind, ok := w.kinds[crd]; ok {
		return kind, source.Declaration{}, true
	}
	declared := source.Declared()
	i := slices.IndexFunc(declared, func(d source.Declaration) bool { return d.CRD() == crd })
	if i < 0 {
		return Kind{}, source.Declaration{}, false
	}
	return indexed(w.index, declared[i].GroupKind(), declared[i].Plural), declared[i], true
}
