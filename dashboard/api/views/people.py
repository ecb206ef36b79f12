"""Who asks, and the teams."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from dashboard import access, models
from dashboard.api.operations import ProgramRequest, operation
from dashboard.api.parameters import TeamId
from dashboard.api.values import Id

TAG = "People"

Role = Annotated[Literal["viewer", "editor", "manager"], Field(examples=["editor"])]
UserName = Annotated[str, Field(examples=["alice"])]


class TokenState(BaseModel):
    """The token that asks. `credentials` is null for all of its person's, `digits` are what its numbers begin with."""

    name: Annotated[str, Field(examples=["deployment"])]
    scope: Annotated[Literal["read", "write"], Field(examples=["write"])]
    credentials: Annotated[list[int] | None, Field(examples=[None])]
    digits: Annotated[list[str], Field(description="None for all numbers.", examples=[["44"]])]
    expires_at: datetime


class Me(BaseModel):
    """For whom this token acts, and how far."""

    person: UserName
    token: TokenState


class Member(BaseModel):
    """A person in a team."""

    person: UserName
    role: Role


class SharedCredential(BaseModel):
    """A credential in a team; a member may do with it what both roles allow."""

    credential: Id
    role: Role


class Team(BaseModel):
    """People who work together. `role` is one's own."""

    id: Id
    name: Annotated[str, Field(examples=["Support"])]
    role: Role
    members: list[Member]
    credentials: list[SharedCredential]

    @classmethod
    def of(cls, team: models.Team) -> "Team":
        """A team with its members and shares."""
        return cls(
            id=team.pk,
            name=team.name,
            role=team.role,  # type: ignore[arg-type]  # its choices
            members=[
                Member(person=each.user.username, role=each.role)  # type: ignore[arg-type]  # the same
                for each in team.memberships.all()
            ],
            credentials=[
                SharedCredential(credential=each.credential_id, role=each.role)  # type: ignore[arg-type]  # the same
                for each in team.shares.all()
            ],
        )


class Teams(BaseModel):
    """The teams of a person."""

    teams: list[Team]


@operation("GET", "/me", Me, tag=TAG)
def me(request: ProgramRequest) -> Me:
    """For whom this token acts, and how far."""
    token = request.user.token
    some = None if token.every_credential else list(token.some_credentials.values_list("pk", flat=True))
    return Me(
        person=request.user.username,
        token=TokenState(
            name=token.name,
            scope=token.scope,  # type: ignore[arg-type]  # its choices
            credentials=some,
            digits=list(token.beginnings),
            expires_at=token.expires_at,
        ),
    )


@operation("GET", "/teams", Teams, tag=TAG)
def team_list(request: ProgramRequest) -> Teams:
    """The teams that the person is in."""
    found = access.teams(request.user).prefetch_related("memberships__user", "shares")
    return Teams(teams=[Team.of(team) for team in found])


@operation("GET", "/teams/{int:team}", Team, tag=TAG)
def team_detail(request: ProgramRequest, team: TeamId) -> Team:
    """One team."""
    return Team.of(access.team(request.user, team, access.SEE))
