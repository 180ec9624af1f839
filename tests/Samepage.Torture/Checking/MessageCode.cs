namespace Samepage.Torture.Checking;

/// <summary>Operations of channels that carry messages; a message is named by its <see cref="MessageId"/>.</summary>
internal enum MessageCode
{
    /// <summary>The argument is the message, the result 1 if it was accepted.</summary>
    Send,

    /// <summary>The result is the message, or 0 for none; the detail how often it was given to somebody.</summary>
    Receive,

    /// <summary>The argument is the message, whose work is done.</summary>
    Acknowledge,

    /// <summary>The argument is the message, which another one may have.</summary>
    Return,

    /// <summary>The argument is the number of the subscription, of its actor.</summary>
    Subscribe,

    /// <summary>The argument is the message, the detail the subscription that saw it.</summary>
    See,

    /// <summary>The argument is the subscription, the result 1 if everything had been seen, the detail how many it had missed.</summary>
    Leave,
}
