package inventory

import (
	"bytes"
	"compress/flate"
	"io"
	"strings"
	"sync"
)

// usual is text that most objects have much of, so that little has to be kept of it.
const usual = `{"apiVersion":"s3.services.k8s.aws/v1alpha1","kind":"Bucket","metadata":{"annotations":{"services.k8s.aws/adopted":"true"},` +
	`"spec":{"name":"","ownershipControls":{"rules":[{"objectOwnership":"BucketOwnerEnforced"}]},"publicAccessBlock":{"blockPublicACLs":true,` +
	`"blockPublicPolicy":true,"ignorePublicACLs":true,"restrictPublicBuckets":true}},"status":{"ackResourceMetadata":{"arn":"arn:aws:s3:::",` +
	`"ownerAccountID":"","region":"us-east-1"}}}{"apiVersion":"s3.aws.m.upbound.io/v1beta1","kind":"BucketPublicAccessBlock","metadata":` +
	`{"annotations":{"crossplane.io/composition-resource-name":"","crossplane.io/external-name":""},"labels":{"app.kubernetes.io/managed-by":` +
	`"Helm","crossplane.io/claim-name":"","crossplane.io/claim-namespace":"","crossplane.io/composite":""},"name":"","namespace":"",` +
	`"ownerReferences":[{"apiVersion":"","blockOwnerDeletion":true,"controller":true,"kind":"","name":"","uid":""}],"uid":""},"spec":` +
	`{"deletionPolicy":"Delete","forProvider":{"blockPublicAcls":true,"blockPublicPolicy":true,"bucket":"","bucketRef":{"name":""},` +
	`"bucketSelector":{"matchControllerRef":true},"ignorePublicAcls":true,"policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"\",` +
	`\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::\"},\"Action\":[\"s3:GetObject\",\"s3:PutObject\",\"s3:ListBucket\"],` +
	`\"Resource\":[\"arn:aws:s3:::\"],\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}","region":"eu-central-1",` +
	`"restrictPublicBuckets":true,"rule":{"objectOwnership":"BucketOwnerEnforced"}},"managementPolicies":["*"],"providerConfigRef":` +
	`{"kind":"ClusterProviderConfig","name":"default"}},"status":{"atProvider":{"arn":"arn:aws:s3:::","region":"us-east-1"}}}`

// Packers take half a megabyte each, and unpackers a tenth of that, so they are used again.
var (
	packers = sync.Pool{New: func() any {
		w, _ := flate.NewWriterDict(nil, flate.DefaultCompression, []byte(usual)) // it fails for unknown levels alone
		return w
	}}
	unpackers = sync.Pool{New: func() any { return flate.NewReader(nil) }}
)

// pack returns a text in short, the same for the same text.
func pack(text string) string {
	w := packers.Get().(*flate.Writer)
	defer packers.Put(w)
	var b bytes.Buffer
	w.Reset(&b)
	_, _ = io.WriteString(w, text) // a Buffer takes everything
	_ = w.Close()
	return b.String()
}

// unpack returns what pack was given.
func unpack(packed string) []byte {
	r := unpackers.Get().(io.Reader)
	defer unpackers.Put(r)
	_ = r.(flate.Resetter).Reset(strings.NewReader(packed), []byte(usual)) // these two fail for what is not our own
	text, _ := io.ReadAll(r)
	return text
}
