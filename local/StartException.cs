namespace DevHost;

/// <summary>The app cannot run, for a reason that its user can act on: shown without a stack trace.</summary>
internal sealed class StartException(string message, Exception? innerException = null) : Exception(message, innerException);
