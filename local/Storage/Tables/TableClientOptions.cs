using Azure.Core;
using LeadFunctions.Local.Storage.Core;

namespace Azure.Data.Tables;

/// <summary>How a table client talks: retries, diagnostics, transport (as any Azure client) and the service version.</summary>
public class TableClientOptions : ClientOptions
{
    public TableClientOptions(ServiceVersion serviceVersion = ServiceVersion.V2020_12_06)
    {
        VersionHeader = serviceVersion switch
        {
            ServiceVersion.V2019_02_02 => "2019-02-02",
            ServiceVersion.V2020_12_06 => "2020-12-06",
            _ => throw new ArgumentOutOfRangeException(nameof(serviceVersion)),
        };
        Transport = StorageTransport.Shared;
    }

    internal string VersionHeader { get; }

    public enum ServiceVersion
    {
        V2019_02_02 = 1,
        V2020_12_06 = 2,
    }
}
