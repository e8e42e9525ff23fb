using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Access;

/// <summary>The two keys that come from settings, so that a fresh installation can be used at all.</summary>
/// <param name="AdminKey"><c>LeadFunctions__AdminKey</c>: an API key with every scope.</param>
/// <param name="WriteKey"><c>LeadFunctions__WriteKey</c>: a write key of the source <c>default</c>.</param>
public sealed record AccessOptions(string AdminKey, string WriteKey)
{
    public const string AdminKeySetting = "LeadFunctions__AdminKey";
    public const string WriteKeySetting = "LeadFunctions__WriteKey";
    public const int MinLength = 20;

    private const string SampleAdminKey = "local-admin-key";
    private const string SampleWriteKey = "local-write-key";

    /// <exception cref="InvalidOperationException">Deployed with a key that is missing, short, or known to everybody.</exception>
    public static AccessOptions From(IConfiguration configuration, IHostEnvironment environment)
    {
        var options = new AccessOptions(configuration["LeadFunctions:AdminKey"] ?? "", configuration["LeadFunctions:WriteKey"] ?? "");
        if (!environment.IsDevelopment())
        {
            Refuse(AdminKeySetting, options.AdminKey);
            Refuse(WriteKeySetting, options.WriteKey);
        }

        return options;
    }

    private static void Refuse(string setting, string value)
    {
        var fault = value switch
        {
            "" => "is not set",
            SampleAdminKey or SampleWriteKey => "is the value of the sample settings, which everybody knows",
            { Length: < MinLength } => $"is shorter than {MinLength} characters",
            _ => null,
        };
        if (fault is not null)
        {
            throw new InvalidOperationException($"The app does not start: the setting {setting} {fault}. Set it to a long random value (for example the output of `openssl rand -base64 32`).");
        }
    }
}
