#include "CDocuments.h"

#include <string.h>

static const unsigned char engine_schema_json[] = {
#embed "../../schemas/engine.schema.json"
};
static const unsigned char scenarios_schema_json[] = {
#embed "../../schemas/scenarios.schema.json"
};
static const unsigned char workflow_schema_json[] = {
#embed "../../schemas/workflow.schema.json"
};
static const unsigned char importing_md[] = {
#embed "../MinkDefinition/Documentation.docc/Importing.md"
};
static const unsigned char MW0001_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW0001.md"
};
static const unsigned char MW0002_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW0002.md"
};
static const unsigned char MW0003_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW0003.md"
};
static const unsigned char MW0004_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW0004.md"
};
static const unsigned char MW0005_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW0005.md"
};
static const unsigned char MW0006_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW0006.md"
};
static const unsigned char MW0007_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW0007.md"
};
static const unsigned char MW1001_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW1001.md"
};
static const unsigned char MW1002_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW1002.md"
};
static const unsigned char MW1003_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW1003.md"
};
static const unsigned char MW1004_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW1004.md"
};
static const unsigned char MW1005_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW1005.md"
};
static const unsigned char MW1006_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW1006.md"
};
static const unsigned char MW1007_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW1007.md"
};
static const unsigned char MW1008_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW1008.md"
};
static const unsigned char MW1009_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW1009.md"
};
static const unsigned char MW1010_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW1010.md"
};
static const unsigned char MW1012_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW1012.md"
};
static const unsigned char MW2001_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW2001.md"
};
static const unsigned char MW2002_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW2002.md"
};
static const unsigned char MW2003_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW2003.md"
};
static const unsigned char MW2004_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW2004.md"
};
static const unsigned char MW2005_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW2005.md"
};
static const unsigned char MW2006_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW2006.md"
};
static const unsigned char MW2007_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW2007.md"
};
static const unsigned char MW3001_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW3001.md"
};
static const unsigned char MW3002_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW3002.md"
};
static const unsigned char MW3003_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW3003.md"
};
static const unsigned char MW3004_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW3004.md"
};
static const unsigned char MW3005_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW3005.md"
};
static const unsigned char MW3006_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW3006.md"
};
static const unsigned char MW3007_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW3007.md"
};
static const unsigned char MW3008_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW3008.md"
};
static const unsigned char MW3009_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW3009.md"
};
static const unsigned char MW3010_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW3010.md"
};
static const unsigned char MW3012_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW3012.md"
};
static const unsigned char MW4001_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW4001.md"
};
static const unsigned char MW4002_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW4002.md"
};
static const unsigned char MW4003_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW4003.md"
};
static const unsigned char MW4004_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW4004.md"
};
static const unsigned char MW4005_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW4005.md"
};
static const unsigned char MW4006_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW4006.md"
};
static const unsigned char MW4007_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW4007.md"
};
static const unsigned char MW4008_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW4008.md"
};
static const unsigned char MW4009_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW4009.md"
};
static const unsigned char MW4010_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW4010.md"
};
static const unsigned char MW4011_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW4011.md"
};
static const unsigned char MW4090_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW4090.md"
};
static const unsigned char MW5001_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW5001.md"
};
static const unsigned char MW5002_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW5002.md"
};
static const unsigned char MW5003_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW5003.md"
};
static const unsigned char MW5004_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW5004.md"
};
static const unsigned char MW5005_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW5005.md"
};
static const unsigned char MW5006_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW5006.md"
};
static const unsigned char MW5008_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW5008.md"
};
static const unsigned char MW5009_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW5009.md"
};
static const unsigned char MW5010_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW5010.md"
};
static const unsigned char MW5011_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW5011.md"
};
static const unsigned char MW6001_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW6001.md"
};
static const unsigned char MW6002_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW6002.md"
};
static const unsigned char MW6003_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW6003.md"
};
static const unsigned char MW6004_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW6004.md"
};
static const unsigned char MW6005_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW6005.md"
};
static const unsigned char MW6006_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW6006.md"
};
static const unsigned char MW6007_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW6007.md"
};
static const unsigned char MW6008_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW6008.md"
};
static const unsigned char MW7001_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW7001.md"
};
static const unsigned char MW7002_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW7002.md"
};
static const unsigned char MW7003_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW7003.md"
};
static const unsigned char MW7004_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW7004.md"
};
static const unsigned char MW7005_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW7005.md"
};
static const unsigned char MW8001_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW8001.md"
};
static const unsigned char MW8002_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW8002.md"
};
static const unsigned char MW8003_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW8003.md"
};
static const unsigned char MW8004_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW8004.md"
};
static const unsigned char MW8005_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW8005.md"
};
static const unsigned char MW8006_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW8006.md"
};
static const unsigned char MW8007_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW8007.md"
};
static const unsigned char MW8008_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW8008.md"
};
static const unsigned char MW8009_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW8009.md"
};
static const unsigned char MW9001_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW9001.md"
};
static const unsigned char MW9002_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW9002.md"
};
static const unsigned char MW9003_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW9003.md"
};
static const unsigned char MW9005_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW9005.md"
};
static const unsigned char MW9006_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW9006.md"
};
static const unsigned char MW9007_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW9007.md"
};
static const unsigned char MW9008_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW9008.md"
};
static const unsigned char MW9009_md[] = {
#embed "../MinkDefinition/Documentation.docc/Rules/MW9009.md"
};

#define DOCUMENT(file, bytes) {file, bytes, sizeof bytes}

static const struct {
    const char *name;
    const unsigned char *bytes;
    size_t length;
} documents[] = {
    DOCUMENT("engine.schema.json", engine_schema_json),
    DOCUMENT("scenarios.schema.json", scenarios_schema_json),
    DOCUMENT("workflow.schema.json", workflow_schema_json),
    DOCUMENT("Importing.md", importing_md),
    DOCUMENT("MW0001.md", MW0001_md),
    DOCUMENT("MW0002.md", MW0002_md),
    DOCUMENT("MW0003.md", MW0003_md),
    DOCUMENT("MW0004.md", MW0004_md),
    DOCUMENT("MW0005.md", MW0005_md),
    DOCUMENT("MW0006.md", MW0006_md),
    DOCUMENT("MW0007.md", MW0007_md),
    DOCUMENT("MW1001.md", MW1001_md),
    DOCUMENT("MW1002.md", MW1002_md),
    DOCUMENT("MW1003.md", MW1003_md),
    DOCUMENT("MW1004.md", MW1004_md),
    DOCUMENT("MW1005.md", MW1005_md),
    DOCUMENT("MW1006.md", MW1006_md),
    DOCUMENT("MW1007.md", MW1007_md),
    DOCUMENT("MW1008.md", MW1008_md),
    DOCUMENT("MW1009.md", MW1009_md),
    DOCUMENT("MW1010.md", MW1010_md),
    DOCUMENT("MW1012.md", MW1012_md),
    DOCUMENT("MW2001.md", MW2001_md),
    DOCUMENT("MW2002.md", MW2002_md),
    DOCUMENT("MW2003.md", MW2003_md),
    DOCUMENT("MW2004.md", MW2004_md),
    DOCUMENT("MW2005.md", MW2005_md),
    DOCUMENT("MW2006.md", MW2006_md),
    DOCUMENT("MW2007.md", MW2007_md),
    DOCUMENT("MW3001.md", MW3001_md),
    DOCUMENT("MW3002.md", MW3002_md),
    DOCUMENT("MW3003.md", MW3003_md),
    DOCUMENT("MW3004.md", MW3004_md),
    DOCUMENT("MW3005.md", MW3005_md),
    DOCUMENT("MW3006.md", MW3006_md),
    DOCUMENT("MW3007.md", MW3007_md),
    DOCUMENT("MW3008.md", MW3008_md),
    DOCUMENT("MW3009.md", MW3009_md),
    DOCUMENT("MW3010.md", MW3010_md),
    DOCUMENT("MW3012.md", MW3012_md),
    DOCUMENT("MW4001.md", MW4001_md),
    DOCUMENT("MW4002.md", MW4002_md),
    DOCUMENT("MW4003.md", MW4003_md),
    DOCUMENT("MW4004.md", MW4004_md),
    DOCUMENT("MW4005.md", MW4005_md),
    DOCUMENT("MW4006.md", MW4006_md),
    DOCUMENT("MW4007.md", MW4007_md),
    DOCUMENT("MW4008.md", MW4008_md),
    DOCUMENT("MW4009.md", MW4009_md),
    DOCUMENT("MW4010.md", MW4010_md),
    DOCUMENT("MW4011.md", MW4011_md),
    DOCUMENT("MW4090.md", MW4090_md),
    DOCUMENT("MW5001.md", MW5001_md),
    DOCUMENT("MW5002.md", MW5002_md),
    DOCUMENT("MW5003.md", MW5003_md),
    DOCUMENT("MW5004.md", MW5004_md),
    DOCUMENT("MW5005.md", MW5005_md),
    DOCUMENT("MW5006.md", MW5006_md),
    DOCUMENT("MW5008.md", MW5008_md),
    DOCUMENT("MW5009.md", MW5009_md),
    DOCUMENT("MW5010.md", MW5010_md),
    DOCUMENT("MW5011.md", MW5011_md),
    DOCUMENT("MW6001.md", MW6001_md),
    DOCUMENT("MW6002.md", MW6002_md),
    DOCUMENT("MW6003.md", MW6003_md),
    DOCUMENT("MW6004.md", MW6004_md),
    DOCUMENT("MW6005.md", MW6005_md),
    DOCUMENT("MW6006.md", MW6006_md),
    DOCUMENT("MW6007.md", MW6007_md),
    DOCUMENT("MW6008.md", MW6008_md),
    DOCUMENT("MW7001.md", MW7001_md),
    DOCUMENT("MW7002.md", MW7002_md),
    DOCUMENT("MW7003.md", MW7003_md),
    DOCUMENT("MW7004.md", MW7004_md),
    DOCUMENT("MW7005.md", MW7005_md),
    DOCUMENT("MW8001.md", MW8001_md),
    DOCUMENT("MW8002.md", MW8002_md),
    DOCUMENT("MW8003.md", MW8003_md),
    DOCUMENT("MW8004.md", MW8004_md),
    DOCUMENT("MW8005.md", MW8005_md),
    DOCUMENT("MW8006.md", MW8006_md),
    DOCUMENT("MW8007.md", MW8007_md),
    DOCUMENT("MW8008.md", MW8008_md),
    DOCUMENT("MW8009.md", MW8009_md),
    DOCUMENT("MW9001.md", MW9001_md),
    DOCUMENT("MW9002.md", MW9002_md),
    DOCUMENT("MW9003.md", MW9003_md),
    DOCUMENT("MW9005.md", MW9005_md),
    DOCUMENT("MW9006.md", MW9006_md),
    DOCUMENT("MW9007.md", MW9007_md),
    DOCUMENT("MW9008.md", MW9008_md),
    DOCUMENT("MW9009.md", MW9009_md),
};

const unsigned char *mink_document(const char *name, size_t *length) {
    for (size_t index = 0; index < sizeof documents / sizeof documents[0]; index++) {
        if (strcmp(documents[index].name, name) == 0) {
            *length = documents[index].length;
            return documents[index].bytes;
        }
    }
    return NULL;
}
