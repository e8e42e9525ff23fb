// One deployment of LeadFunctions into a resource group:
//   az deployment group create -g <group> -f infra/main.bicep -p adminKey=<random> writeKey=<random>
// The keys go into a vault that only the app can read; storage is reached by the app's identity, without any key.
targetScope = 'resourceGroup'

@description('Begins the names of all resources.')
@minLength(3)
@maxLength(11)
param name string = 'leads'

@description('Flex Consumption must be offered there: az functionapp list-flexconsumption-locations')
param location string = resourceGroup().location

@description('The first API key, with every scope. A long random value, such as the output of: openssl rand -base64 32')
@secure()
@minLength(20)
param adminKey string

@description('The write key of the source that is there from the start. It stands in web pages: choose another value than the admin key.')
@secure()
@minLength(20)
param writeKey string

@description('Where to send traces and metrics by OTLP; none when empty.')
param otlpEndpoint string = ''

@description('Headers for the OTLP endpoint, such as api-key=value.')
@secure()
param otlpHeaders string = ''

@description('The memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemory int = 2048

@description('More instances are never started: it bounds the cost of a flood.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

var suffix = uniqueString(resourceGroup().id, name)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-app-${suffix}'
  location: location
}

module storage 'storage.bicep' = {
  name: 'storage'
  params: {
    name: take('${name}${suffix}', 24)
    location: location
    principalId: identity.properties.principalId
  }
}

module vault 'vault.bicep' = {
  name: 'vault'
  params: {
    name: take('${name}-${suffix}', 24)
    location: location
    principalId: identity.properties.principalId
    adminKey: adminKey
    writeKey: writeKey
    otlpHeaders: otlpHeaders
  }
}

module app 'app.bicep' = {
  name: 'app'
  params: {
    name: '${name}-${suffix}'
    location: location
    identityId: identity.id
    identityClientId: identity.properties.clientId
    identityPrincipalId: identity.properties.principalId
    storageName: storage.outputs.name
    packageContainer: storage.outputs.packageContainer
    vaultName: vault.outputs.name
    otlpEndpoint: otlpEndpoint
    hasOtlpHeaders: !empty(otlpHeaders)
    instanceMemory: instanceMemory
    maximumInstances: maximumInstances
  }
}

output functionApp string = app.outputs.name
output url string = app.outputs.url
