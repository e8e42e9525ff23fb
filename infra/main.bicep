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

@description('Where leads live when nothing says otherwise, as IANA names it: Europe/Berlin.')
param timeZone string = 'Etc/UTC'

@description('Days after which messages leave the outbox; 0 keeps them for ever. They hold names and addresses.')
@minValue(0)
@maxValue(3650)
param outboxDays int = 30

@description('Days after which files that came with forms are deleted. They hold whatever people sent.')
@minValue(1)
param formFileDays int = 365

@description('Days after which the files of imports are deleted, with what was refused of them. They hold names and addresses.')
@minValue(1)
@maxValue(365)
param importDays int = 30

@description('After so many days the fifths of all buyers (RFM) are computed anew, while a segment asks for them; 0: only when somebody asks.')
@minValue(0)
@maxValue(365)
param rfmDays int = 1

@description('Whom mails are from that ask to confirm a form, where the form does not say: Shop <hello@shop.example>.')
param formsFrom string = ''

@description('Storage and vault are reached from the app alone, over private endpoints; four of them cost about 30 EUR a month. Otherwise from any network, by identity only: no key opens them.')
param privateNetwork bool = false

@description('Every read, write and deletion in storage is logged, with who did it. At many events that costs more than storage itself.')
param storageLogs bool = false

@description('How long logs are kept.')
@minValue(30)
@maxValue(730)
param logDays int = 30

@description('What happens to leads goes to an Event Grid topic of its own, beside the webhooks.')
param eventGrid bool = false

@description('Who carries mail: outbox (nobody: it is kept and shown), smtp, or acs (Azure Communication Services).')
@allowed(['outbox', 'smtp', 'acs'])
param emailProvider string = 'outbox'

@description('The mail server, for smtp.')
param smtpHost string = ''

@minValue(1)
@maxValue(65535)
param smtpPort int = 587

@allowed(['starttls', 'tls'])
param smtpSecurity string = 'starttls'

@description('Empty where the mail server asks for no login.')
param smtpUser string = ''

@secure()
param smtpPassword string = ''

@description('Of Azure Communication Services, for acs; its resource must let the identity of this app send.')
param acsEndpoint string = ''

@description('Mail by smtp is signed as this domain (DKIM); empty where the carrier signs.')
param dkimDomain string = ''

@description('Which of the keys of that domain: its public half stands in DNS at <selector>._domainkey.<domain>.')
param dkimSelector string = ''

@description('The private key, as PEM.')
@secure()
param dkimKey string = ''

@description('Where to send traces and metrics by OTLP; none when empty.')
param otlpEndpoint string = ''

@description('Headers for the OTLP endpoint, such as api-key=value.')
@secure()
param otlpHeaders string = ''

@description('What links in messages begin with, such as https://mail.example.com; the name of the app at the platform when empty.')
param publicUrl string = ''

@description('What carriers of mail show to report, as eventgrid=KEY;sendgrid=KEY;mailgun=KEY;postmark=USER:PASSWORD; none is let in when empty.')
@secure()
param feedbackKeys string = ''

@description('The SNS topic by which Amazon SES may report, as its ARN; none when empty.')
param snsTopic string = ''

@description('Sites on which a click in a message tells whose browser it is, as https://shop.example, https://*.shop.example; empty for none.')
param linkBrowsers string = ''

@description('Web push: the public VAPID key; empty for none.')
param pushPublicKey string = ''

@description('Web push: the private VAPID key.')
@secure()
param pushPrivateKey string = ''

@description('Web push: whom a push service may write to, as mailto:you@shop.example.')
param pushSubject string = ''

@description('The memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemory int = 2048

@description('More instances are never started: it bounds the cost of a flood.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('Requests that one instance answers at once before another is started. Requests that wait together are stored together: more of them cost less each.')
@minValue(1)
@maxValue(1000)
param requestsPerInstance int = 100

var suffix = uniqueString(resourceGroup().id, name)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-app-${suffix}'
  location: location
}

module monitor 'monitor.bicep' = {
  name: 'monitor'
  params: {
    name: '${name}-${suffix}'
    location: location
    principalId: identity.properties.principalId
    logDays: logDays
  }
}

module network 'network.bicep' = if (privateNetwork) {
  name: 'network'
  params: {
    name: '${name}-${suffix}'
    location: location
    storageId: storage.outputs.id
    vaultId: vault.outputs.id
  }
}

module storage 'storage.bicep' = {
  name: 'storage'
  params: {
    name: take('${name}${suffix}', 24)
    location: location
    principalId: identity.properties.principalId
    isPrivate: privateNetwork
    workspaceId: monitor.outputs.workspaceId
    logs: storageLogs
    formFileDays: formFileDays
    importDays: importDays
  }
}

module vault 'vault.bicep' = {
  name: 'vault'
  params: {
    name: take('${name}-${suffix}', 24)
    location: location
    principalId: identity.properties.principalId
    isPrivate: privateNetwork
    workspaceId: monitor.outputs.workspaceId
    adminKey: adminKey
    writeKey: writeKey
    otlpHeaders: otlpHeaders
    feedbackKeys: feedbackKeys
    smtpPassword: smtpPassword
    dkimKey: dkimKey
    pushPrivateKey: pushPrivateKey
  }
}

module events 'events.bicep' = if (eventGrid) {
  name: 'events'
  params: {
    name: '${name}-${suffix}'
    location: location
    principalId: identity.properties.principalId
  }
}

module app 'app.bicep' = {
  name: 'app'
  params: {
    name: '${name}-${suffix}'
    location: location
    identityId: identity.id
    identityClientId: identity.properties.clientId
    storageName: storage.outputs.name
    packageContainer: storage.outputs.packageContainer
    vaultName: vault.outputs.name
    subnetId: network.?outputs.appSubnetId ?? ''
    workspaceId: monitor.outputs.workspaceId
    insightsConnection: monitor.outputs.insightsConnection
    timeZone: timeZone
    outboxDays: outboxDays
    importDays: importDays
    rfmDays: rfmDays
    formsFrom: formsFrom
    topicEndpoint: events.?outputs.endpoint ?? ''
    emailProvider: emailProvider
    smtpHost: smtpHost
    smtpPort: smtpPort
    smtpSecurity: smtpSecurity
    smtpUser: smtpUser
    hasSmtpPassword: !empty(smtpPassword)
    acsEndpoint: acsEndpoint
    dkimDomain: dkimDomain
    dkimSelector: dkimSelector
    hasDkimKey: !empty(dkimKey)
    otlpEndpoint: otlpEndpoint
    hasOtlpHeaders: !empty(otlpHeaders)
    publicUrl: publicUrl
    hasFeedbackKeys: !empty(feedbackKeys)
    snsTopic: snsTopic
    linkBrowsers: linkBrowsers
    pushPublicKey: pushPublicKey
    hasPushKey: !empty(pushPrivateKey)
    pushSubject: pushSubject
    instanceMemory: instanceMemory
    maximumInstances: maximumInstances
    requestsPerInstance: requestsPerInstance
  }
}

output functionApp string = app.outputs.name
output url string = app.outputs.url
