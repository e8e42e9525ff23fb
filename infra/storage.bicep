// The storage account with every queue, table and container of the app. A test holds these lists against the code.
param name string
param location string
param principalId string
param isPrivate bool
param workspaceId string
param logs bool
param importDays int
param formFileDays int

// A queue's poison twin takes what failed at every delivery; the app moves it on into the table DeadLetters.
var queues = [
  'lead-events'
  'lead-events-poison'
  'lead-effects'
  'lead-effects-poison'
  'journey-effects'
  'journey-effects-poison'
  'outbound'
  'outbound-poison'
  'webhook-deliveries'
  'webhook-deliveries-poison'
  'campaigns'
  'campaigns-poison'
  'form-confirmations'
  'form-confirmations-poison'
]

var tables = [
  'Leads'
  'LeadListings'
  'Facts'
  'Members'
  'Owners'
  'Notes'
  'Definitions'
  'DeadLetters'
  'SeenNames'
  'Meters'
  'JourneyRuns'
  'Due'
  'Outbox'
  'Outbound'
  'Deliveries'
  'FeedbackKeys'
  'SentIndex'
  'Suppressions'
  'CarrierTokens'
  'Clock'
  'Imports'
  'Campaigns'
  'SendingDays'
  'Forms'
  'Erasures'
  'Audit'
  'Tail'
]

// Files that marketers upload, beside what the host keeps.
var containers = [
  'formfiles'
  'imports'
]

// Blob data owner is what the Functions host itself needs, for its leases and the app's package; Durable Functions makes containers, queues and tables of its own.
var roles = [
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // Storage Blob Data Owner
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88' // Storage Queue Data Contributor
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor
]

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_ZRS' }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: 'None'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: 'packages'
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = [for containerName in containers: {
  parent: blobs
  name: containerName
}]

// The app deletes them as well, when somebody looks at imports; this holds when nobody does.
resource forgetting 'Microsoft.Storage/storageAccounts/managementPolicies@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'formfiles'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: [ 'blockBlob' ], prefixMatch: [ 'formfiles/' ] }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: formFileDays } } }
          }
        }
        {
          name: 'heldfiles' // what came with spam: as long as that is kept
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: [ 'blockBlob' ], prefixMatch: [ 'formfiles/_held/' ] }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 30 } } }
          }
        }
        {
          name: 'imports'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: [ 'blockBlob' ], prefixMatch: [ 'imports/' ] }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: importDays } } }
          }
        }
      ]
    }
  }
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource queue 'Microsoft.Storage/storageAccounts/queueServices/queues@2023-05-01' = [for queueName in queues: {
  parent: queueService
  name: queueName
}]

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource table 'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01' = [for tableName in tables: {
  parent: tableService
  name: tableName
}]

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in roles: {
  name: guid(account.id, principalId, role)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}]

var logged = logs ? [
  { category: 'StorageRead', enabled: true }
  { category: 'StorageWrite', enabled: true }
  { category: 'StorageDelete', enabled: true }
] : []

var measured = [
  { category: 'Transaction', enabled: true }
]

resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: blobs
  properties: { workspaceId: workspaceId, logs: logged, metrics: measured }
}

resource queueDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: queueService
  properties: { workspaceId: workspaceId, logs: logged, metrics: measured }
}

resource tableDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: tableService
  properties: { workspaceId: workspaceId, logs: logged, metrics: measured }
}

output id string = account.id
output name string = account.name
output packageContainer string = '${account.properties.primaryEndpoints.blob}${packages.name}'
