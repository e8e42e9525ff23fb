// The Function App on Flex Consumption: nothing runs, and nothing is paid, while nothing happens.
param name string
param location string
param identityId string
param identityClientId string
param identityPrincipalId string
param storageName string
param packageContainer string
param vaultName string
param otlpEndpoint string
param hasOtlpHeaders bool
param instanceMemory int
param maximumInstances int

var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb' // Monitoring Metrics Publisher

var settings = {
  AzureWebJobsStorage__accountName: storageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  LeadFunctions__AdminKey: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=admin-key)'
  LeadFunctions__WriteKey: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=write-key)'
}

var otlpSettings = empty(otlpEndpoint) ? {} : union({
  OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf'
  OTEL_SERVICE_NAME: name
}, hasOtlpHeaders ? {
  OTEL_EXPORTER_OTLP_HEADERS: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=otlp-headers)'
} : {})

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: name
  location: location
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: name
  location: location
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

resource publishMetrics 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, identityPrincipalId, metricsPublisher)
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: name
  location: location
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    siteConfig: {
      minTlsVersion: '1.2'
      // The app answers CORS itself, per source.
      cors: { allowedOrigins: [] }
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainer
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maximumInstances
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(settings, otlpSettings)
  }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
