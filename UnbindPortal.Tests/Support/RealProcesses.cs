using UnbindPortal.Support.Browser;
using UnbindPortal.Support.Processes;

namespace UnbindPortal.Support;

/// <summary>
/// The one collection of tests that start the portal or a browser: <c>[Collection(RealProcesses.Collection)]</c>. They run one after
/// the other, after all others, so that a small machine is not asked to time several servers and browsers at once.
/// They share one <see cref="SharedBrowser"/> and one <see cref="SharedPortal"/>, taken as constructor parameters and started by the
/// first who uses them.
/// </summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public sealed class RealProcesses : ICollectionFixture<SharedBrowser>, ICollectionFixture<SharedPortal>
{
    public const string Collection = "Real processes";
}
