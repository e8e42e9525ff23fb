using LeadFunctions.Mail;
using LeadFunctions.Mail.Acs;
using LeadFunctions.Mail.Api;
using LeadFunctions.Mail.Smtp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Tests.Mail;

/// <summary>An app that could not send as it is told to does not start, and says why.</summary>
public sealed class MailSettingsTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("EmailProvider=outbox;Smtp:Security=nonsense", null)]
    [InlineData("EmailProvider=pigeon", "outbox, smtp, acs")]
    [InlineData("EmailProvider=smtp", "Smtp__Host")]
    [InlineData("EmailProvider=smtp;Smtp:Host=mail.example", null)]
    [InlineData("EmailProvider=smtp;Smtp:Host=mail.example;Smtp:Security=tls;Smtp:User=u;Smtp:Password=p", null)]
    [InlineData("EmailProvider=smtp;Smtp:Host=mail.example;Smtp:User=u;Smtp:TokenScope=s/.default", null)]
    [InlineData("EmailProvider=smtp;Smtp:Host=mail.example;Smtp:User=u", "Smtp__User together")]
    [InlineData("EmailProvider=smtp;Smtp:Host=mail.example;Smtp:Password=p", "Smtp__User together")]
    [InlineData("EmailProvider=smtp;Smtp:Host=mail.example;Smtp:User=u;Smtp:Password=p;Smtp:Token=t", "Smtp__User together")]
    [InlineData("EmailProvider=smtp;Smtp:Host=mail.example;Smtp:Security=none", "on this machine only")]
    [InlineData("EmailProvider=smtp;Smtp:Host=10.0.0.1;Smtp:Security=none", "on this machine only")]
    [InlineData("EmailProvider=smtp;Smtp:Host=localhost;Smtp:Security=none", null)]
    [InlineData("EmailProvider=smtp;Smtp:Host=::1;Smtp:Security=none", null)]
    [InlineData("EmailProvider=smtp;Smtp:Host=mail.example;Smtp:Security=ssl", "starttls, tls and none")]
    [InlineData("EmailProvider=smtp;Smtp:Host=mail.example;Dkim:Domain=acme.example", "all three")]
    [InlineData("EmailProvider=acs", "Acs__Endpoint")]
    [InlineData("EmailProvider=acs;Acs:Endpoint=http://name.communication.azure.com", "Acs__Endpoint")]
    [InlineData("EmailProvider=acs;Acs:Endpoint=https://name.communication.azure.com", null)]
    [InlineData("EmailProvider=acs;Acs:Endpoint=https://name.communication.azure.com;Acs:AccessKey=not base64", "Acs__AccessKey")]
    public void Half_of_the_settings_is_refused(string settings, string? fault)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(setting => KeyValuePair.Create(setting.Split('=')[0], (string?)setting.Split('=')[1]))).Build();
        T Read<T>(string section) where T : class, new() => (section.Length > 0 ? (IConfiguration)configuration.GetSection(section) : configuration).Get<T>() ?? new();

        var verdict = new MailSettings(Options.Create(Read<SmtpOptions>("Smtp")), Options.Create(Read<AcsOptions>("Acs")), Options.Create(Read<DkimOptions>("Dkim"))).Validate(null, Read<MailOptions>(""));

        Assert.Equal(fault is not null, verdict.Failed);
        Assert.Contains(fault ?? "", verdict.FailureMessage ?? "", StringComparison.Ordinal);
    }
}
