using Microsoft.Extensions.Logging;

namespace LeadFunctions.Forms.Confirming;

/// <summary>Event ids 1750 to 1799.</summary>
internal static partial class Log
{
    [LoggerMessage(1750, LogLevel.Warning, "The mail that asks to confirm {Submission} of the form {Form} was refused {Code}")]
    public static partial void MailRefused(this ILogger logger, string form, string submission, string code);

    [LoggerMessage(1751, LogLevel.Warning, "The mail that asks to confirm {Submission} of the form {Form} was not taken, and is tried again later")]
    public static partial void MailDeferred(this ILogger logger, string form, string submission);

    [LoggerMessage(1752, LogLevel.Warning, "Nobody knows whether the mail that asks to confirm {Submission} of the form {Form} was taken: it is sent again, and may come twice")]
    public static partial void MailUnknown(this ILogger logger, string form, string submission);
}
