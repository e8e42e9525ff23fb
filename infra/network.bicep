// A network of the app's own: what it stores and its secrets are reached from here and from nowhere else.
param name string
param location string
param storageId string
param vaultId string

// Flex Consumption asks for a subnet that nothing else is in, delegated to what its instances run on.
resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.20.0.0/23'] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.20.0.0/24'
          delegations: [
            {
              name: 'app'
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: { addressPrefix: '10.20.1.0/24' }
      }
    ]
  }

  resource app 'subnets' existing = { name: 'app' }
  resource endpoints 'subnets' existing = { name: 'endpoints' }
}

// The host and Durable Functions need all three: blobs for leases and the package, queues, tables.
var services = [
  { name: 'blob', target: storageId, zone: 'privatelink.blob.${environment().suffixes.storage}' }
  { name: 'queue', target: storageId, zone: 'privatelink.queue.${environment().suffixes.storage}' }
  { name: 'table', target: storageId, zone: 'privatelink.table.${environment().suffixes.storage}' }
  { name: 'vault', target: vaultId, zone: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}' }
]

module endpoint 'endpoint.bicep' = [for service in services: {
  name: 'endpoint-${service.name}'
  params: {
    name: '${name}-${service.name}'
    location: location
    service: service.name
    targetId: service.target
    zoneName: service.zone
    networkId: network.id
    subnetId: network::endpoints.id
  }
}]

output appSubnetId string = network::app.id
