package rules

// What more than one rule cites.
const (
	blockPublicAccess = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"
	conditionKeys     = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"
	confusedDeputies  = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"
	iamGrammar        = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"
	multivaluedKeys   = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html"
	objectOwnership   = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html"
	putBucketPolicy   = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html"
	requireTLS        = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html#transit"
	s3ACLs            = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html"
	s3Actions         = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html"
	s3Policies        = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html"
)
