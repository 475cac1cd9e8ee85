package catalog

import (
	"slices"
	"strings"
)

// RoleService is an AWS service whose calls to S3 are those of a role that the customer chose, so that its own principal in a
// bucket policy means no request at all.
type RoleService struct {
	Callers string // what calls: "Lambda functions"
	Role    string // as whom: "their execution role"
	Source  string // AWS's page on the role
}

// LookupRoleService finds a service that calls S3 as a role, by its principal, in any of the forms that LookupService knows.
func LookupRoleService(principal string) (RoleService, bool) {
	name, _, ok := serviceName(principal)
	if !ok {
		return RoleService{}, false
	}
	i, ok := slices.BinarySearchFunc(roleServiceTable[:], name, func(s roleService, name string) int {
		return strings.Compare(s.name, name)
	})
	if !ok {
		return RoleService{}, false
	}
	s := roleServiceTable[i]
	return RoleService{s.callers, s.role, "https://docs.aws.amazon.com/" + s.page}, true
}

type roleService struct{ name, callers, role, page string }

// In the order of their names. A service that also calls as itself, for whatever purpose, is not here: AppStream 2.0 reads
// application blocks so, and Redshift writes audit logs.
var roleServiceTable = [...]roleService{
	{"airflow", "MWAA environments", "their execution role", "mwaa/latest/userguide/mwaa-create-role.html"},
	{"airflow-env", "MWAA environments", "their execution role", "mwaa/latest/userguide/mwaa-create-role.html"},
	{"apigateway", "APIs", "the role of their integration", "apigateway/latest/developerguide/integrating-api-with-aws-services-s3.html"},
	{"backup", "backups", "their backup role", "aws-backup/latest/devguide/s3-backups.html"},
	{"batch", "Batch jobs", "their job role", "batch/latest/userguide/job_definition_parameters.html"},
	{"batchoperations.s3", "S3 Batch Operations", "the role of the job", "AmazonS3/latest/userguide/batch-ops-iam-role-policies.html"},
	{"codebuild", "CodeBuild builds", "the service role of their project", "codebuild/latest/userguide/setting-up-service-role.html"},
	{"codedeploy", "instances that CodeDeploy deploys to", "the role of their instance profile", "codedeploy/latest/userguide/getting-started-create-iam-instance-profile.html"},
	{"codepipeline", "pipelines", "their service role", "codepipeline/latest/userguide/security-iam.html"},
	{"datasync", "DataSync locations", "their bucket access role", "datasync/latest/userguide/create-s3-location.html"},
	{"dms", "DMS endpoints", "their service access role", "dms/latest/userguide/CHAP_Target.S3.html"},
	{"ec2", "EC2 instances", "the role of their instance profile", "AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html"},
	{"ecs", "ECS tasks", "their task role", "AmazonECS/latest/developerguide/task-iam-roles.html"},
	{"ecs-tasks", "ECS tasks", "their task role", "AmazonECS/latest/developerguide/task-iam-roles.html"},
	{"edgelambda", "Lambda functions", "their execution role", "AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html"},
	{"eks", "EKS pods", "the role of their service account", "eks/latest/userguide/service-accounts.html"},
	{"elasticmapreduce", "EMR clusters", "the role of their instance profile", "emr/latest/ManagementGuide/emr-iam-role-for-ec2.html"},
	{"emr-containers", "EMR jobs on EKS", "their job execution role", "emr/latest/EMR-on-EKS-DevelopmentGuide/creating-job-execution-role.html"},
	{"emr-serverless", "EMR Serverless jobs", "their runtime role", "emr/latest/EMR-Serverless-UserGuide/security-iam-runtime-role.html"},
	{"export.rds", "snapshot exports", "the role of the export", "AmazonRDS/latest/UserGuide/USER_ExportSnapshot.html"},
	{"firehose", "Firehose streams", "their role", "firehose/latest/dev/controlling-access.html"},
	{"glue", "Glue jobs and crawlers", "their role", "glue/latest/dg/create-an-iam-role.html"},
	{"iot", "IoT rules", "the role of their action", "iot/latest/developerguide/iot-create-role.html"},
	{"kafkaconnect", "MSK connectors", "their service execution role", "msk/latest/developerguide/msk-connect-service-execution-role.html"},
	{"kinesisanalytics", "Flink applications", "their role", "managed-flink/latest/java/security_iam_service-with-iam.html"},
	{"lakeformation", "Lake Formation", "the role of the registered location", "lake-formation/latest/dg/registration-role.html"},
	{"lambda", "Lambda functions", "their execution role", "lambda/latest/dg/lambda-intro-execution-role.html"},
	{"mediaconvert", "MediaConvert jobs", "their role", "mediaconvert/latest/ug/iam-role.html"},
	{"omics", "HealthOmics jobs", "their service role", "omics/latest/dev/permissions-service.html"},
	{"osis-pipelines", "OpenSearch Ingestion pipelines", "their pipeline role", "opensearch-service/latest/developerguide/pipeline-security-overview.html"},
	{"pods.eks", "EKS pods", "the role of their service account", "eks/latest/userguide/pod-identities.html"},
	{"sagemaker", "SageMaker jobs and notebooks", "their execution role", "sagemaker/latest/dg/sagemaker-roles.html"},
	{"scheduler", "schedules", "their execution role", "scheduler/latest/UserGuide/setting-up.html"},
	{"states", "state machines", "their execution role", "step-functions/latest/dg/procedure-create-iam-role.html"},
	{"tasks.apprunner", "App Runner services", "their instance role", "apprunner/latest/dg/security_iam_service-with-iam.html"},
	{"transfer", "Transfer Family users", "their role", "transfer/latest/userguide/requirements-roles.html"},
}
