/*
 * What is wrong with a rule as a whole, once all its keys are read: keys that are missing, or do
 * not go together. Single values are the loader's matter.
 */
#ifndef SLIM_RULES_RULE_CHECK_H
#define SLIM_RULES_RULE_CHECK_H

#include "rules/rules.h"

/* Whether the rule asks something of the directory that it matched. */
bool rule_asks_directory(const struct rule *rule);
/* The fault in words for whoever writes the rule, or NULL. */
const char *rule_fault(const struct rule *rule);

#endif
