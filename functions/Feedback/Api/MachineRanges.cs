using System.Net;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Feedback.Api;

/// <summary>The address ranges of the setting.</summary>
public sealed class MachineRanges(IOptions<FeedbackOptions> options)
{
    private readonly IPNetwork[] _ranges = [.. Split(options.Value.MachineRanges).Select(IPNetwork.Parse)];

    public bool Include(IPAddress? address)
    {
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is not null && Array.Exists(_ranges, range => range.Contains(plain));
    }

    internal static bool AreRight(string ranges) => Split(ranges).All(range => IPNetwork.TryParse(range, out _));

    private static string[] Split(string ranges) => ranges.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
