/*
 * AWS Lambda's limits as data (AWS Developer Guide, "Lambda quotas"). Facts of the platform
 * only; nothing here looks at a package.
 */
#ifndef SLIM_PLATFORM_LAMBDA_H
#define SLIM_PLATFORM_LAMBDA_H

/* Function and layers, unpacked: the service refuses 262,144,000 bytes and more. */
#define LAMBDA_UNZIPPED_LIMIT 262144000ULL
/* A zip that is uploaded directly, not through S3. */
#define LAMBDA_UPLOAD_LIMIT 52428800ULL

#endif
