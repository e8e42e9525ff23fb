using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Access;

/// <summary>The two keys that come from settings, so that a fresh installation can be used at all.</summary>
/// <param name="AdminKey"><c>LeadFunctions__AdminKey</c>: an API key with every scope.</param>
/// <param name="WriteKey"><c>LeadFunctions__WriteKey</c>: a write key of the source <c>default</c>.</param>
public sealed record AccessOptions(string AdminKey, string WriteKey)
{
    /// <summary><c>LeadFunctions__EasyAuth</c>: who the platform says has signed in is let in, as far as their roles allow.</summary>
    public bool EasyAuth { get; init; }

    /// <summary><c>LeadFunctions__MaskForRead</c>: who may only read sees people without what would name or reach them.</summary>
    public bool MaskForRead { get; init; }

    public const string AdminKeySetting = "LeadFunctions__AdminKey";
    public const string WriteKeySetting = "LeadFunctions__WriteKey";
    public const int MinLength = 20;

    private const string SampleAdminKey = "local-admin-key";
    private const string SampleWriteKey = "local-write-key";

    public static AccessOptions From(IConfiguration configuration) =>
        new(configuration["LeadFunctions:AdminKey"] ?? "", configuration["LeadFunctions:WriteKey"] ?? "")
        {
            EasyAuth = IsYes(configuration["LeadFunctions:EasyAuth"]),
            MaskForRead = IsYes(configuration["LeadFunctions:MaskForRead"]),
        };

    /// <summary>Why a deployed app must not start with these keys: one sentence each; empty when it may.</summary>
    public IReadOnlyList<string> FaultsWhenDeployed() =>
        [.. new[] { Fault(AdminKeySetting, AdminKey), Fault(WriteKeySetting, WriteKey), SameKey }.OfType<string>()];

    private static bool IsYes(string? value) => string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);

    private string? SameKey => AdminKey.Length > 0 && AdminKey.Trim().Equals(WriteKey.Trim(), StringComparison.OrdinalIgnoreCase)
        ? $"The app does not start: the setting {AdminKeySetting} has the value of {WriteKeySetting}, which stands in every web page. Set it to another long random value."
        : null;

    private static string? Fault(string setting, string value)
    {
        var fault = value switch
        {
            "" => "is not set",
            SampleAdminKey or SampleWriteKey => "has the value of the sample settings, which everybody knows",
            { Length: < MinLength } => $"is shorter than {MinLength} characters",
            _ when KeyStrength.IsTrivial(value) => "can be guessed",
            _ => null,
        };
        return fault is null ? null : $"The app does not start: the setting {setting} {fault}. Set it to a long random value, such as the output of: openssl rand -base64 32";
    }
}
