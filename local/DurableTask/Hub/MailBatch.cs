namespace LeadFunctions.Local.DurableTask;

/// <summary>The messages of one round, by instance, each instance's in their order.</summary>
internal sealed class MailBatch
{
    private readonly Dictionary<string, List<Mail>> _byInstance = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    public int Instances => _byInstance.Count;

    public IReadOnlyDictionary<string, List<Mail>> ByInstance => _byInstance;

    public void Add(Mail mail)
    {
        if (!_byInstance.TryGetValue(mail.InstanceId, out var mails))
        {
            _byInstance.Add(mail.InstanceId, mails = []);
        }

        mails.Add(mail);
        Count++;
    }

    /// <summary>Tells the senders of messages that were not stored.</summary>
    public void FailRest()
    {
        foreach (var mail in _byInstance.Values.SelectMany(mails => mails))
        {
            mail.Waiter?.TrySetException(new ShardMovedException());
        }
    }
}
