// The secrets of the app, readable by the app's identity alone.
param name string
param location string
param principalId string
param isPrivate bool
param workspaceId string

@secure()
param adminKey string

@secure()
param writeKey string

@secure()
param otlpHeaders string

@secure()
param feedbackKeys string

@secure()
param smtpPassword string

@secure()
param dkimKey string

@secure()
param pushPrivateKey string

var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6' // Key Vault Secrets User

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: 'AzureServices' // the deployment writes the secrets
    }
  }
}

resource admin 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'admin-key'
  properties: { value: adminKey }
}

resource write 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'write-key'
  properties: { value: writeKey }
}

resource otlp 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(otlpHeaders)) {
  parent: vault
  name: 'otlp-headers'
  properties: { value: otlpHeaders }
}

resource feedback 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(feedbackKeys)) {
  parent: vault
  name: 'feedback-keys'
  properties: { value: feedbackKeys }
}

resource smtp 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(smtpPassword)) {
  parent: vault
  name: 'smtp-password'
  properties: { value: smtpPassword }
}

resource dkim 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(dkimKey)) {
  parent: vault
  name: 'dkim-key'
  properties: { value: dkimKey }
}

resource push 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(pushPrivateKey)) {
  parent: vault
  name: 'push-private-key'
  properties: { value: pushPrivateKey }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, principalId, secretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// Who read which secret, and who tried.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [
      { categoryGroup: 'audit', enabled: true }
    ]
    metrics: [
      { category: 'AllMetrics', enabled: true }
    ]
  }
}

output id string = vault.id
output name string = vault.name
