// The Function App on Flex Consumption: nothing runs, and nothing is paid, while nothing happens.
param name string
param location string
param identityId string
param identityClientId string
param storageName string
param packageContainer string
param vaultName string
param subnetId string
param workspaceId string
param insightsConnection string
param timeZone string
param outboxDays int
param importDays int
param rfmDays int
param formsFrom string
param topicEndpoint string
param emailProvider string
param smtpHost string
param smtpPort int
param smtpSecurity string
param smtpUser string
param hasSmtpPassword bool
param acsEndpoint string
param dkimDomain string
param dkimSelector string
param hasDkimKey bool
param otlpEndpoint string
param hasOtlpHeaders bool
param publicUrl string
param hasFeedbackKeys bool
param snsTopic string
param linkBrowsers string
param pushPublicKey string
param hasPushKey bool
param pushSubject string
param instanceMemory int
param maximumInstances int
param requestsPerInstance int

var settings = {
  AzureWebJobsStorage__accountName: storageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnection
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  LeadFunctions__AdminKey: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=admin-key)'
  LeadFunctions__WriteKey: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=write-key)'
  LeadFunctions__Journeys__TimeZone: timeZone
  LeadFunctions__Journeys__OutboxDays: string(outboxDays)
  LeadFunctions__Imports__Days: string(importDays)
  LeadFunctions__Segments__RfmDays: string(rfmDays)
  LeadFunctions__Forms__From: formsFrom
  LeadFunctions__EventGrid__TopicEndpoint: topicEndpoint
  LeadFunctions__PublicUrl: publicUrl
  LeadFunctions__Feedback__Keys: hasFeedbackKeys ? '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=feedback-keys)' : ''
  LeadFunctions__Feedback__SnsTopic: snsTopic
  LeadFunctions__Feedback__LinkBrowsers: linkBrowsers
  LeadFunctions__Push__PublicKey: pushPublicKey
  LeadFunctions__Push__PrivateKey: hasPushKey ? '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=push-private-key)' : ''
  LeadFunctions__Push__Subject: pushSubject
  LeadFunctions__EmailProvider: emailProvider
  LeadFunctions__Smtp__Host: smtpHost
  LeadFunctions__Smtp__Port: string(smtpPort)
  LeadFunctions__Smtp__Security: smtpSecurity
  LeadFunctions__Smtp__User: smtpUser
  LeadFunctions__Smtp__Password: hasSmtpPassword ? '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=smtp-password)' : ''
  LeadFunctions__Acs__Endpoint: acsEndpoint
  LeadFunctions__Dkim__Domain: dkimDomain
  LeadFunctions__Dkim__Selector: dkimSelector
  LeadFunctions__Dkim__Key: hasDkimKey ? '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=dkim-key)' : ''
}

var otlpSettings = empty(otlpEndpoint) ? {} : union({
  OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf'
  OTEL_SERVICE_NAME: name
}, hasOtlpHeaders ? {
  OTEL_EXPORTER_OTLP_HEADERS: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=otlp-headers)'
} : {})

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
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
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
        triggers: {
          http: { perInstanceConcurrency: requestsPerInstance }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
    }
  }

  // Nobody publishes with a name and a password, only as somebody that Entra knows. FTPS, which Flex Consumption does not have, is off with the first.
  resource noFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noBasicPublishing 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(settings, otlpSettings)
  }
}

// The host's own log: what it says when the app does not start is nowhere else.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'FunctionAppLogs', enabled: true }
    ]
    metrics: [
      { category: 'AllMetrics', enabled: true }
    ]
  }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
