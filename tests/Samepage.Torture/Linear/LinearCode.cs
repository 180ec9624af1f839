namespace Samepage.Torture.Linear;

/// <summary>Operations whose order is searched for.</summary>
internal enum LinearCode
{
    /// <summary>Of a register: the argument is the value.</summary>
    Write,

    /// <summary>Of a register: the result is the value, 0 if there is none.</summary>
    Read,

    /// <summary>Of a semaphore, an event or a mutex: the result is a <see cref="WaitResult"/>.</summary>
    Take,

    /// <summary>Of a semaphore, an event or a mutex: gives it back, or sets it. The result is 1, or 0 if there were too many.</summary>
    Give,

    /// <summary>Of an event.</summary>
    Reset,

    /// <summary>Of a queue: the argument is the message, the result 1 if it was accepted.</summary>
    Send,

    /// <summary>Of a queue: the result is the message, 0 for none.</summary>
    Receive,

    /// <summary>The actor was killed, at an instant in between.</summary>
    Die,
}
